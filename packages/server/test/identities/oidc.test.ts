import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ManualClock } from '@arclight/core/testing'
import { createServer, type ServerOptions } from '@arclight/server'
import { oidcSignIn } from '@arclight/server/auth/oidc'
import express from 'express'
import { expect, test } from 'vitest'
import { outcome } from '../owned-server.ts'
import { RawClient } from '../raw-client.ts'
import { Browser, CLIENT, startProvider } from './provider.ts'

const PAGE = 'https://chat.example.org'

/** A server that signs in at a provider of its own, and its address. */
async function signingServer(options: ServerOptions = {}) {
  const app = express()
  const http = createHttpServer(app)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const redirectUri = new URL('/chat/auth/oidc/callback', origin)
  const provider = await startProvider(redirectUri)
  const signInProvider = oidcSignIn({ issuer: provider.issuer, ...CLIENT, redirectUri })
  const server = createServer({ signInProvider, allowedOrigins: [PAGE], ...options })
  app.use('/chat', server.routes())
  await server.open()
  server.attach(http)
  const clients: RawClient[] = []
  return {
    origin,
    provider,
    connect: async () => {
      const client = await RawClient.connect(`ws${origin.slice(4)}/arclight`)
      clients.push(client)
      return client
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]()
      await server.close()
      await provider[Symbol.asyncDispose]()
      http.close()
      http.closeAllConnections()
    },
  }
}

function makeVerifier(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

function startOf(origin: string, challenge: string, back = `${PAGE}/room?a=b`): string {
  return `${origin}/chat/auth/oidc?${new URLSearchParams({ challenge, return: back })}`
}

const isPage = (url: URL): boolean => url.origin === PAGE

test('[IDP-3][IDP-4] who signs in at the provider’s page is signed in here, each time to the same account', async () => {
  await using server = await signingServer()
  const ids = new Set<string>()
  for (let times = 0; times < 2; times++) {
    const { verifier, challenge } = makeVerifier()
    const back = await new Browser().go(startOf(server.origin, challenge), { name: 'mei', isThere: isPage })
    expect([back.pathname, back.search]).toEqual(['/room', '?a=b'])
    const code = new URLSearchParams(back.hash.slice(1)).get('code') ?? ''
    const mei = await server.connect()
    expect((await mei.event('session.hello')).capabilities).toContain('oidc')
    const { user } = await mei.authenticate('auth.code', { code, verifier, label: 'laptop' })
    expect(user).toMatchObject({ name: 'mei', role: 'member' })
    ids.add(user.id)
    // It was spent.
    expect(await outcome(await server.connect(), 'auth.code', { code, verifier })).toBe('invalid_credentials')
  }
  expect(ids.size).toBe(1)
})

test('[IDP-4] a code is good for a minute, and for who made the challenge alone', async () => {
  const clock = new ManualClock()
  await using server = await signingServer({ clock })
  const codeFor = async (challenge: string): Promise<string> => {
    const back = await new Browser().go(startOf(server.origin, challenge), { name: 'mei', isThere: isPage })
    return back.hash.slice('#code='.length)
  }
  const { verifier, challenge } = makeVerifier()
  const slipped = await codeFor(challenge)
  const tried = async (code: string, proof: string) =>
    outcome(await server.connect(), 'auth.code', { code, verifier: proof })
  expect(await tried(slipped, makeVerifier().verifier)).toBe('invalid_credentials')
  // Whoever had it cannot use it any more either.
  expect(await tried(slipped, verifier)).toBe('invalid_credentials')
  const late = await codeFor(challenge)
  const stranger = await server.connect()
  clock.advance(60_000)
  expect(await tried(late, verifier)).toBe('invalid_credentials')
  await stranger[Symbol.asyncDispose]()
  expect(await tried('nothing', verifier)).toBe('invalid_credentials')
})

test('[IDP-3] a browser is sent back to pages that are let in alone, and begins with a challenge', async () => {
  await using server = await signingServer()
  const { challenge } = makeVerifier()
  const status = async (address: string) => (await fetch(address, { redirect: 'manual' })).status
  for (const back of [`${PAGE}/room`, `${server.origin}/`]) {
    const response = await fetch(startOf(server.origin, challenge, back), { redirect: 'manual' })
    const to = new URL(response.headers.get('location') ?? '')
    expect([response.status, to.origin]).toEqual([302, server.provider.issuer.origin])
    const { searchParams } = to
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)?.length).toBeGreaterThan(20)
    // What the page will prove itself with is nobody's on the way.
    expect(to.href).not.toContain(challenge)
  }
  for (const back of ['https://evil.example/', '//evil.example', 'javascript:alert(1)', '/room', 'null', '']) {
    expect([back, await status(startOf(server.origin, challenge, back))]).toEqual([back, 400])
  }
  for (const bad of ['', 'short', `${challenge}=`]) expect(await status(startOf(server.origin, bad))).toBe(400)
})

test('[IDP-4] what did not begin here, was declined or is used again ends with a sentence and without a code', async () => {
  await using server = await signingServer()
  const isCallback = (url: URL): boolean => url.pathname === '/chat/auth/oidc/callback'
  const answer = async (url: string | URL) => {
    const response = await fetch(url, { redirect: 'manual' })
    const body = response.status === 302 ? '' : await response.text()
    return [response.status, /"code":"(\w+)"/.exec(body)?.[1]]
  }
  const callback = await new Browser().go(startOf(server.origin, makeVerifier().challenge), {
    name: 'mei',
    isThere: isCallback,
  })
  const without = (name: string): URL => {
    const url = new URL(callback)
    url.searchParams.delete(name)
    return url
  }
  const declined = new URL(without('code'))
  declined.searchParams.set('error', 'access_denied')
  const forged = new URL(callback)
  forged.searchParams.set('code', 'nothing')
  for (const url of [without('state'), without('code'), declined, forged, `${server.origin}/chat/auth/oidc/callback`]) {
    expect([String(url), ...(await answer(url))]).toEqual([String(url), 400, 'bad_request'])
  }
  expect(await answer(callback)).toEqual([302, undefined])
  // The provider gives nothing twice for one code.
  expect(await answer(callback)).toEqual([400, 'bad_request'])
})

test('[IDP-3] a provider that does not answer is said, and asked again later', async () => {
  const warned: string[] = []
  const log = { info: () => {}, error: () => {}, warn: (_fields: object, message: string) => void warned.push(message) }
  await using server = await signingServer({ log })
  await server.provider[Symbol.asyncDispose]()
  const { challenge } = makeVerifier()
  const response = await fetch(startOf(server.origin, challenge), { redirect: 'manual' })
  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    503,
    'unavailable',
  ])
  expect(warned).toEqual(['the identity provider does not answer'])
})

test('[IDP-3] without a provider there is no such route, and no capability', async () => {
  await using server = await signingServer({ signInProvider: undefined })
  expect((await fetch(startOf(server.origin, makeVerifier().challenge))).status).toBe(404)
  const stranger = await server.connect()
  expect((await stranger.event('session.hello')).capabilities).not.toContain('oidc')
})
