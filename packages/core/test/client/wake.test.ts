import { expect, test } from 'vitest'
import { encodeProbe } from '../../src/codec/probe.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { HELLO, messageAt, SIGNED_IN } from './wire-data.ts'

const HOUR = 3_600_000

test('[PROBE-4] wake probes at once, and a connection that does not answer within 5 s is replaced', async () => {
  const { client, peer, clock } = await signedInClient()
  const before = peer.connection.frames.length
  client.wake()
  expect(peer.connection.frames).toHaveLength(before + 1)
  clock.advance(4_999)
  expect(client.state.name).toBe('live')
  clock.advance(1)
  expect(client.state).toMatchObject({ name: 'waiting', reason: 'probes got no answer' })
})

test('[PROBE-4] a connection that answers stays', async () => {
  const { client, peer, clock } = await signedInClient()
  client.wake()
  const seq = peer.connection.frames.length - 1
  peer.connection.sendBinary(encodeProbe({ seq, timestamp: 0, echo: true }))
  clock.advance(9_000)
  expect(client.state.name).toBe('live')
  expect(peer.connections).toHaveLength(1)
})

test('[PROBE-4] after an hour of sleep a dead connection is replaced within seconds, and everything goes on', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const general = client.channels.get('general')
  await general.join()
  peer.connection.sendBinary(encodeProbe({ seq: 0, timestamp: 0, echo: true }))
  peer.answers['message.send'] = () => undefined
  const sent = outcomeOf(general.send('before the lid closed'))
  clock.sleep(HOUR)
  await settle()
  peer.answers['message.send'] = () => ({ message: messageAt(42) })
  clock.advance(5_500)
  await settle()
  expect(client.state.name).toBe('live')
  expect(peer.connections).toHaveLength(2)
  expect(sent).toMatchObject({ status: 'fulfilled' })
})

test('[AUTH-8] a token that expired in the sleep signs out, once, with a reason', async () => {
  const made = await signedInClient({ answers: { 'session.resume': () => new Refusal('unauthenticated') } })
  const { client, peer, clock, states } = made
  clock.sleep(40 * 24 * HOUR)
  await settle()
  clock.advance(10_000)
  await settle()
  expect(client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(states.filter((name) => name === 'closed')).toHaveLength(1)
  clock.advance(HOUR)
  await settle()
  expect(peer.connections).toHaveLength(2)
})

test('[CLOCK-2] the server’s time is known from the greeting, better after a probe, and stays through a wall clock that jumps', async () => {
  const { client, peer, clock } = await signedInClient()
  expect(client.serverTime()).toBe(HELLO.clock.wall)
  clock.advance(40)
  // The server's clock stood 70 ms past the greeting half-way through a round trip of 40 ms: the greeting took 50 ms.
  peer.connection.sendBinary(encodeProbe({ seq: 0, timestamp: HELLO.clock.session + 70_000, echo: true }))
  expect(client.serverTime()).toBe(HELLO.clock.wall + 90)
  clock.setWall(-HOUR)
  expect(client.serverTime()).toBe(HELLO.clock.wall + 90)
})

test('[DRAIN-2] after goaway nothing new leaves, replies still count, and the client comes back over the spread', async () => {
  const made = await signedInClient({ answers: { 'message.send': () => undefined } })
  const { client, peer, clock } = made
  const general = client.channels.get('general')
  const underWay = outcomeOf(general.send('under way'))
  await settle()
  peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 8_000 } })
  expect(client.state.name).toBe('leaving')
  const late = outcomeOf(general.send('late'))
  const asked = outcomeOf(client.channels.list())
  await settle()
  expect(peer.types).toEqual(['auth.login', 'message.send'])
  peer.reply('message.send', { message: messageAt(42) })
  await settle()
  expect(underWay.status).toBe('fulfilled')
  peer.answers['message.send'] = () => ({ message: messageAt(43) })
  peer.connection.close(4000, 'restarting')
  await settle()
  // Half of the jitter of the test's random source, over the spread.
  expect(client.state).toMatchObject({ name: 'waiting', retryAt: clock.now() + 4_400 })
  clock.advance(4_400)
  await settle()
  expect([late.status, asked.status]).toEqual(['fulfilled', 'fulfilled'])
})

test('[DRAIN-2] a log-in that is answered after goaway succeeds, and nothing else leaves', async () => {
  const made = testClient({ answers: { 'auth.login': () => undefined } })
  const { client, peer } = made
  const login = outcomeOf(client.login({ name: 'mei', password: 'long enough' }))
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await settle()
  peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 500 } })
  peer.reply('auth.login', SIGNED_IN)
  await settle()
  expect([login.status, client.state.name, peer.types]).toEqual(['fulfilled', 'leaving', ['auth.login']])
  await reconnect(made)
  expect([client.state.name, sent.status]).toEqual(['live', 'fulfilled'])
})

test('[DRAIN-2] a server that said goaway and does not close is left', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 500 } })
  clock.advance(5_000)
  expect(client.state).toMatchObject({ name: 'waiting' })
  expect(peer.connection.closedByClient).toMatchObject({ code: 1000 })
})

test('[DRAIN-2] the spread is that of one goaway: the next drop waits as ever', async () => {
  const made = await signedInClient()
  made.peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 8_000 } })
  made.peer.connection.close(4000)
  made.clock.advance(8_000)
  await settle()
  await reconnect(made)
  expect(made.client.state.name).toBe('live')
})

test('[DRAIN-2] however short the spread, the first wait is a random part of half a second', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 10 } })
  peer.connection.close(4000)
  expect(client.state).toMatchObject({ name: 'waiting', retryAt: clock.now() + 275 })
})

test('a call is heard to the end of a connection that is leaving', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  peer.connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs: 500 } })
  expect(call.members.size).toBe(2)
  await expect(client.login({ name: 'mei', password: 'long enough' })).rejects.toBeInstanceOf(RequestError)
})
