import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Channel, Message } from '@arclight/client-node'
import { RequestError } from '@arclight/core'
import type { LogEntry } from '@arclight/core/protocol'
import express, { type Express } from 'express'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { type Screen, tour } from '../application/chat.ts'
import { maskWord, refuseLinks, tellRules, timeRequests } from '../application/hooks.ts'
import { failing, makeWebhooks, oneBotsLife } from '../application/manage.ts'
import { postMessage } from '../application/post-message.ts'
import { receiver } from '../application/receiver.ts'
import { OwnedServer } from './owned-server.ts'

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** An application on a port of this machine. */
async function listening(app: Express): Promise<AsyncDisposable & { readonly origin: string }> {
  const http = createHttpServer(app)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
  }
}

function nextMessage(channel: Channel): Promise<Message> {
  return new Promise((resolve) => {
    const undo = channel.on('message', (message) => {
      undo()
      resolve(message)
    })
  })
}

test('the guide’s hooks refuse links of members, in edits too, mask a word, and tell how long requests took', async () => {
  await using owned = await OwnedServer.start()
  const { server, mei } = owned
  const li = await owned.join('li')
  const lines: { type: string; user: string; ok: boolean }[] = []
  timeRequests(server, ({ ms, ...line }) => {
    expect(ms).toBeGreaterThanOrEqual(0)
    lines.push(line)
  })
  const undo = refuseLinks(server)
  maskWord(server, 'darn')
  const general = li.channels.get('general')
  const refused = await rejection(general.send('see https://example.org'))
  expect(refused).toBeInstanceOf(RequestError)
  expect(refused).toMatchObject({ code: 'forbidden', message: expect.stringContaining('no links here') })
  const stored = await general.send('darn it')
  expect(stored.text).toBe('**** it')
  expect(await rejection(general.edit(stored.seq, 'http://example.org'))).toMatchObject({ code: 'forbidden' })
  expect(lines).toEqual([
    { type: 'message.send', user: li.user?.id, ok: false },
    { type: 'message.send', user: li.user?.id, ok: true },
    { type: 'message.edit', user: li.user?.id, ok: false },
  ])
  expect((await mei.channels.get('general').send('https://example.org')).text).toBe('https://example.org')
  undo()
  expect((await general.send('https://example.org')).text).toBe('https://example.org')
})

test('the guide’s server answers in its own name, to a message that is stored', async () => {
  await using owned = await OwnedServer.start({ botName: 'house' })
  tellRules(owned.server, 'be kind', (error) => expect.unreachable(String(error)))
  const general = owned.mei.channels.get('general')
  await general.join()
  const asked = await general.send('!rules')
  expect(await nextMessage(general)).toMatchObject({ author: { name: 'house', bot: true }, replyTo: asked.seq })
})

test('the guide’s bot lives: made, listed, renewed, ended', async () => {
  await using owned = await OwnedServer.start()
  const [token, renewed, ...names] = await oneBotsLife(owned.mei)
  expect(names).toEqual(['helper'])
  expect(new Set([token, renewed]).size).toBe(2)
  expect(await owned.mei.request('bot.list', {})).toEqual({ bots: [] })
})

test('the guide’s sender stores a message once, though its answer is lost and the server is away for a moment', async () => {
  await using owned = await OwnedServer.start({ webhookTargets: ['http://127.0.0.1:9'] })
  const { builds } = await makeWebhooks(owned.mei, 'http://127.0.0.1:9/')
  const ways = ['lose', 'refuse', 'pass']
  const ids: unknown[] = []
  const between = express().post(/.*/, express.raw({ type: () => true }), async (request, response) => {
    ids.push(request.get('webhook-id'))
    const way = ways.shift()
    if (way === 'refuse') return void response.status(503).set('Retry-After', '0').end()
    const headers = Object.entries(request.headers).filter(([name]) => /^(webhook-|content-type)/.test(name))
    const answer = await fetch(`${owned.origin}${request.path}`, {
      method: 'POST',
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: request.body,
    })
    if (way === 'lose') return void response.destroy()
    response.status(answer.status).send(await answer.text())
  })
  await using proxy = await listening(between)
  const path = builds.webhook.path ?? ''
  const stored = await postMessage(
    { url: `${proxy.origin}${path}`, secret: builds.secret },
    { text: 'build 7 is green' },
  )
  expect(stored).toMatchObject({ text: 'build 7 is green', author: { name: 'builds', bot: true } })
  expect(ids).toEqual([stored.clientId, stored.clientId, stored.clientId])
  expect((await owned.mei.channels.get('general').page()).messages).toEqual([stored])
  const url = `${owned.origin}${path}`
  const unsigned = rejection(postMessage({ url, secret: `${builds.secret.slice(0, -4)}AAAA` }, { text: 'forged' }))
  expect(String(await unsigned)).toMatch(/^Error: the message was not stored: 401 .*expected a signature/)
  const tooLong = rejection(postMessage({ url, secret: builds.secret }, { text: 'x'.repeat(4_001) }))
  expect(String(await tooLong)).toMatch(/^Error: the message was not stored: 400 .*text/)
})

test('the guide’s receiver takes each entry once, what failed again, and nothing that is not signed', async () => {
  const app = express()
  await using receiving = await listening(app)
  await using owned = await OwnedServer.start({ webhookTargets: [receiving.origin] })
  const { mei } = owned
  const url = `${receiving.origin}/arclight`
  const { archive } = await makeWebhooks(mei, url)
  const taken = new Map<string, LogEntry>()
  let isBroken = true
  let complete = (): void => {}
  const both = new Promise<void>((resolve) => {
    complete = resolve
  })
  const take = async (entry: LogEntry, id: string): Promise<void> => {
    if (isBroken) throw new Error('the disk is full')
    taken.set(id, entry)
    if (taken.size === 2) complete()
  }
  app.use(receiver({ secret: archive.secret, has: async (id) => taken.has(id), take }))
  const general = mei.channels.get('general')
  const { seq } = await general.send('one')
  await general.edit(seq, 'two')
  await expect.poll(() => failing(mei)).toEqual([expect.stringMatching(`^${url} since \\d{4}-`)])
  isBroken = false
  await both
  expect([...taken.values()].map(({ type }) => type)).toEqual(['message.created', 'message.changed'])
  // The message as it is when the entry is posted: of both entries the newest.
  expect([...taken.values()].map(({ data }) => data.message.text)).toEqual(['two', 'two'])
  await expect.poll(() => failing(mei)).toEqual([])
  const post = (id: string, secret: string): Promise<Response> => {
    const [at, body] = [new Date(), JSON.stringify({ type: 'message.created', channel: 'general', seq: 9, data: {} })]
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    }
    return fetch(url, { method: 'POST', headers, body })
  }
  const [first = ''] = taken.keys()
  expect((await post(first, archive.secret)).status).toBe(204)
  expect(taken.get(first)).toMatchObject({ seq })
  expect((await post('another', `${archive.secret.slice(0, -4)}AAAA`)).status).toBe(401)
  expect(taken.size).toBe(2)
})

test('the tour of the chat changes a message, finds it, and shows who types, who is there and what is unread', async () => {
  await using owned = await OwnedServer.start()
  const { mei } = owned
  const li = await owned.join('li')
  const user = (await li.request('user.list', { prefix: 'li' })).users[0]
  if (!user) throw new Error('expected li among the users')
  const seen: unknown[][] = []
  const screen: Screen = {
    found: (messages) => seen.push(['found', ...messages.map(({ text }) => text)]),
    typing: (users) => seen.push(['typing', ...users.map(({ name }) => name)]),
    unread: (count, mentions) => seen.push(['unread', count, mentions]),
    status: ({ name }, status) => seen.push(['status', name, status]),
  }
  const general = li.channels.get('general')
  const typing = new Promise((resolve) => general.on('typing', ([first]) => resolve(first?.name)))
  await general.join()
  const [direct, team] = await tour(mei, user, screen)
  expect(await typing).toBe('mei')
  const { messages } = await general.page()
  expect(messages).toMatchObject([
    { text: 'lunch at one?', pinned: true, reactions: [{ emoji: '👍', count: 1 }] },
    { deleted: true, text: '' },
  ])
  expect((await li.channels.list()).map(({ id }) => id)).toEqual(expect.arrayContaining([direct?.id, team?.id]))
  general.typing()
  await li.presence.set('away')
  await expect
    .poll(() => seen)
    .toEqual(
      expect.arrayContaining([
        ['found', 'lunch at one?'],
        ['typing', 'li'],
        ['unread', 0, 0],
        ['status', 'li', 'away'],
      ]),
    )
})
