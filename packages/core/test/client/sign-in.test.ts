import { expect, test } from 'vitest'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import type { ErrorCode } from '../../src/errors/error-code.ts'
import type { RequestError } from '../../src/errors/request-error.ts'
import type { Account } from '../../src/protocol/user.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { HELLO, MEI, SIGNED_IN, TOKEN } from './wire-data.ts'

const ACCOUNT = { name: 'mei', password: 'long enough' }

test('nothing connects until somebody signs in', async () => {
  const { client, peer } = testClient()
  await settle()
  expect(peer.dialled).toEqual([])
  expect(client.state).toEqual({ name: 'idle' })
  expect(client.user).toBeUndefined()
})

test('[CONN-1] the client offers arclight.v1 at the address it was given', async () => {
  const { peer } = await signedInClient()
  expect(peer.dialled).toEqual([{ url: 'wss://talk.example.org/arclight', subprotocol: 'arclight.v1' }])
})

test('[CONN-2] the client says nothing before the server has greeted', async () => {
  const { client, peer } = testClient()
  peer.hello = undefined
  const login = outcomeOf(client.login(ACCOUNT))
  await settle()
  expect(peer.types).toEqual([])
  expect(peer.connection.frames).toEqual([])
  peer.connection.send({ type: 'session.hello', data: HELLO })
  await settle()
  expect(peer.types).toEqual(['auth.login'])
  expect(login.status).toBe('fulfilled')
})

test('[AUTH-3] a log-in gives the user, makes the client live and keeps the token', async () => {
  const tokens = memoryTokenStore()
  const { client, peer, states } = testClient({ runtime: { tokens } })
  expect(await client.login(ACCOUNT)).toEqual(MEI)
  expect(states).toEqual(['connecting', 'greeted', 'live'])
  expect(client.state).toEqual({ name: 'live', hello: HELLO, user: MEI })
  expect(client.user).toEqual(MEI)
  expect(await tokens.load()).toEqual({ token: TOKEN, user: client.user })
  expect(peer.asked('auth.login')).toEqual([ACCOUNT])
})

test('[AUTH-1] registering sends the claim along and signs in', async () => {
  const owner = { ...MEI, role: 'owner' as const }
  const { client, peer } = testClient({ answers: { 'auth.register': () => ({ ...SIGNED_IN, user: owner }) } })
  expect(await client.register({ ...ACCOUNT, claim: 'ABCD-EFGH' })).toEqual(owner)
  expect(peer.asked('auth.register')).toEqual([{ ...ACCOUNT, claim: 'ABCD-EFGH' }])
  expect(client.user).toEqual(owner)
})

test('[TOTP-2] a second factor is asked for by its code, and the next try carries it over the same connection', async () => {
  const { client, peer } = testClient()
  const user = { ...MEI, secondFactor: true as const }
  peer.answers['auth.login'] = ({ code }) => (code === '680711' ? { ...SIGNED_IN, user } : new Refusal('second_factor'))
  const refused = await client.login(ACCOUNT).catch((error: RequestError) => error.code)
  expect(refused satisfies ErrorCode | Account | undefined).toBe('second_factor')
  expect(client.state.name).toBe('greeted')
  expect(await client.login({ ...ACCOUNT, code: '680711' })).toEqual(user)
  expect(peer.asked('auth.login')).toEqual([ACCOUNT, { ...ACCOUNT, code: '680711' }])
  expect(peer.connections).toHaveLength(1)
  peer.connection.send({ type: 'account.changed', data: { user: { ...MEI, role: 'moderator' } } })
  await settle()
  expect(client.user).toEqual({ ...MEI, role: 'moderator' })
})

test('[AUTH-2] a wrong password is told by its code, and the next try goes over the same connection', async () => {
  const { client, peer } = testClient()
  peer.answers['auth.login'] = ({ password }) =>
    password === 'long enough' ? SIGNED_IN : new Refusal('invalid_credentials')
  await expect(client.login({ name: 'mei', password: 'wrong' })).rejects.toMatchObject({
    name: 'RequestError',
    reason: 'failed',
    code: 'invalid_credentials',
  })
  expect(client.state.name).toBe('greeted')
  expect(await client.login(ACCOUNT)).toEqual(MEI)
  expect(peer.connections).toHaveLength(1)
})

test('a server that cannot be reached is told, and the client does not go on trying', async () => {
  const { client, peer, clock } = testClient()
  peer.hello = undefined
  const login = outcomeOf(client.login(ACCOUNT))
  await settle()
  peer.connection.close(1006)
  await settle()
  expect(login.error).toMatchObject({ reason: 'unsent', message: expect.stringContaining('cannot be reached') })
  expect(client.state).toEqual({ name: 'idle' })
  expect(clock.waiting).toBe(0)
})

test('signing in twice is refused before anything is sent', async () => {
  const { client, peer } = await signedInClient()
  await expect(client.login(ACCOUNT)).rejects.toMatchObject({ reason: 'unsent' })
  expect(peer.types).toEqual(['auth.login'])
})

test('[AUTH-4] resume signs in with the token that was kept', async () => {
  const { client, peer } = testClient({ runtime: { tokens: memoryTokenStore(TOKEN) } })
  expect(await client.resume()).toEqual(MEI)
  expect(peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors: {} }])
})

test('resume without a token says that nobody is signed in, and connects nowhere', async () => {
  const { client, peer } = testClient()
  await expect(client.resume()).rejects.toMatchObject({ name: 'ConnectionError', reason: 'signed-out' })
  expect(peer.dialled).toEqual([])
})

test('[AUTH-4] a token that was revoked is forgotten, and logging in again works', async () => {
  const tokens = memoryTokenStore(TOKEN)
  const answers = { 'session.resume': () => new Refusal('unauthenticated') }
  const { client } = testClient({ answers, runtime: { tokens } })
  await expect(client.resume()).rejects.toMatchObject({ reason: 'signed-out', cause: { code: 'unauthenticated' } })
  expect(client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(await tokens.load()).toBeUndefined()
  expect(await client.login(ACCOUNT)).toEqual(MEI)
})

test('a resume that may succeed later is tried again', async () => {
  const { client, peer, clock, states } = testClient({ runtime: { tokens: memoryTokenStore(TOKEN) } })
  const yes = peer.answers['session.resume']
  peer.answers['session.resume'] = () => new Refusal('unavailable', { retryable: true })
  const resume = outcomeOf(client.resume())
  await settle()
  expect(client.state.name).toBe('waiting')
  if (yes) peer.answers['session.resume'] = yes
  clock.advance(1_000)
  await settle()
  expect(resume).toEqual({ status: 'fulfilled', value: MEI })
  expect(states).toEqual(['connecting', 'greeted', 'waiting', 'connecting', 'greeted', 'live'])
})

test('[AUTH-5] logging out revokes the token there and forgets it here', async () => {
  const tokens = memoryTokenStore()
  const { client, peer, clock } = await signedInClient({ runtime: { tokens } })
  await client.logout()
  expect(peer.types).toEqual(['auth.login', 'auth.logout'])
  expect(await tokens.load()).toBeUndefined()
  expect(client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(clock.waiting).toBe(0)
  await expect(client.resume()).rejects.toMatchObject({ reason: 'signed-out' })
})

test('[AUTH-5] a tab whose session is over leaves alone what another tab has kept since', async () => {
  const tokens = memoryTokenStore()
  const later = { token: 'a-later-token', user: MEI }
  const ended = await signedInClient({ runtime: { tokens } })
  await tokens.save(later)
  ended.peer.connection.close(4501)
  await settle()
  expect(ended.client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(await tokens.load()).toEqual(later)
  const others = { token: 'token-of-li', user: { ...MEI, id: 'u-li', name: 'li' } }
  const refused = await signedInClient({ runtime: { tokens } })
  await tokens.save(others)
  refused.peer.answers['session.resume'] = () => new Refusal('unauthenticated')
  await reconnect(refused)
  expect(refused.client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(await tokens.load()).toEqual(others)
  await refused.client.logout()
  expect(await tokens.load()).toBeUndefined()
})

test('[AUTH-5] logging out forgets a newer token of the same user, and nobody else’s', async () => {
  const tokens = memoryTokenStore()
  const { client } = await signedInClient({ runtime: { tokens } })
  await tokens.save({ token: 'rotated-by-another-tab', user: MEI })
  await client.logout()
  expect(await tokens.load()).toBeUndefined()
  await client.login(ACCOUNT)
  const others = { token: 'token-of-li', user: { ...MEI, id: 'u-li', name: 'li' } }
  await tokens.save(others)
  await client.logout()
  expect(await tokens.load()).toEqual(others)
})

test('who logs in while a resume looks for its token is not signed in by the resume', async () => {
  const inner = memoryTokenStore(TOKEN)
  const loads: (() => void)[] = []
  const load = async (): ReturnType<typeof inner.load> => {
    await new Promise<void>((resolve) => loads.push(resolve))
    return inner.load()
  }
  const { client, peer } = testClient({
    answers: { 'auth.login': () => undefined },
    runtime: { tokens: { ...inner, load } },
  })
  void outcomeOf(client.resume())
  loads.pop()?.()
  await settle()
  expect(client.state.name).toBe('greeted')
  const login = outcomeOf(client.login(ACCOUNT))
  await settle()
  loads.pop()?.()
  await settle()
  expect(peer.types).toEqual(['auth.login'])
  peer.reply('auth.login', SIGNED_IN)
  await settle()
  expect(login.status).toBe('fulfilled')
})

test('an aborted log-in rejects with the reason of its signal', async () => {
  const { client, peer } = testClient()
  peer.hello = undefined
  const controller = new AbortController()
  const login = outcomeOf(client.login(ACCOUNT, { signal: controller.signal }))
  await settle()
  controller.abort('enough')
  await settle()
  expect(login).toEqual({ status: 'rejected', error: 'enough' })
})
