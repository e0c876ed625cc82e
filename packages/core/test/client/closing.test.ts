import { expect, test } from 'vitest'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import { CLOSE } from '../../src/protocol/close-codes.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { FakeSink } from './fake-sink.ts'
import { FakeSource } from './fake-source.ts'
import { audioFrame } from './media-frames.ts'
import { outcomeOf } from './outcome.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { type TestClient, testClient } from './test-client.ts'
import { memberNamed, TOKEN, trackNumbered } from './wire-data.ts'

/** The waits before the next `count` attempts, each of which fails. */
async function waitsOf({ client, peer, clock }: TestClient, count: number): Promise<number[]> {
  const waits: number[] = []
  for (let attempt = 0; attempt < count; attempt++) {
    peer.connection.close(1006)
    await settle()
    const { state } = client
    if (state.name !== 'waiting') throw new Error(`expected the client to wait, it is ${state.name}`)
    const wait = state.retryAt - clock.now()
    waits.push(wait)
    clock.advance(wait - 1)
    expect(client.state.name).toBe('waiting')
    clock.advance(1)
    expect(client.state.name).toBe('connecting')
  }
  return waits
}

test('[CLOSE-1] after a code that allows it the client comes back by itself', async () => {
  for (const code of [
    CLOSE.restarting,
    CLOSE.slow,
    CLOSE.silent,
    CLOSE.authenticationTimeout,
    4499,
    1000,
    1001,
    1006,
    1011,
  ]) {
    const made = await signedInClient()
    made.peer.connection.close(code, 'why')
    expect(made.client.state, `${code}`).toMatchObject({ name: 'waiting', attempt: 0, reason: 'why' })
    made.clock.advance(500)
    await settle()
    expect(made.client.state.name, `${code}`).toBe('live')
    expect(made.peer.connections).toHaveLength(2)
  }
})

test('[CLOSE-1] after a final code it does not, and says which it was', async () => {
  for (const code of [CLOSE.malformed, 4999, 1002, 1003, 1007, 1008, 1009, 1010]) {
    const { client, peer, clock } = await signedInClient()
    const live = outcomeOf(client.until('waiting'))
    peer.connection.close(code, 'for good')
    expect(client.state, `${code}`).toMatchObject({ name: 'closed', error: { reason: 'refused', code } })
    clock.advance(60_000)
    await settle()
    expect(peer.connections).toHaveLength(1)
    expect(live.error).toMatchObject({ name: 'ConnectionError', reason: 'refused', code })
    expect(clock.waiting).toBe(0)
  }
})

test('[AUTH-5][AUTH-8] the token of a session that was revoked or has expired is forgotten', async () => {
  for (const code of [CLOSE.revoked, CLOSE.expired]) {
    const tokens = memoryTokenStore()
    const { client, peer, clock } = await signedInClient({ runtime: { tokens } })
    peer.connection.close(code, 'over')
    await settle()
    expect(client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out', code } })
    expect(await tokens.load()).toBeUndefined()
    expect(clock.waiting).toBe(0)
    await expect(client.resume()).rejects.toMatchObject({ reason: 'signed-out' })
  }
})

test('a client that signed out itself has nothing to resume', async () => {
  const { client } = await signedInClient()
  await client.logout()
  await expect(client.resume()).rejects.toMatchObject({ reason: 'signed-out' })
})

test('another final code leaves the token: the application may resume', async () => {
  const { client, peer } = await signedInClient()
  peer.connection.close(CLOSE.malformed)
  await settle()
  await client.resume()
  expect(peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors: {} }])
  expect(client.state.name).toBe('live')
})

test('[CLOSE-2] after a drop the longest waits are 0.5 s, then twice as long each time, at most 15 s', async () => {
  const made = await signedInClient({ runtime: { random: () => 1 - Number.EPSILON } })
  made.peer.hello = undefined
  expect(await waitsOf(made, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
})

test('[CLOSE-2] the waits of a client that has never been connected start at 0.5 s too', async () => {
  const made = testClient({ runtime: { tokens: memoryTokenStore(TOKEN), random: () => 1 - Number.EPSILON } })
  made.peer.hello = undefined
  void outcomeOf(made.client.resume())
  await settle()
  expect(await waitsOf(made, 3)).toEqual([500, 1_000, 2_000])
})

test('[CLOSE-2] the first wait is random: two clients of one server do not return in one instant', async () => {
  const waits = []
  for (const seed of [1, 2, 3]) {
    const made = await signedInClient({ runtime: { random: seededRandom(seed) } })
    waits.push(...(await waitsOf(made, 1)))
  }
  expect(new Set(waits).size).toBe(3)
  for (const wait of waits) {
    expect(wait).toBeGreaterThanOrEqual(50)
    expect(wait).toBeLessThanOrEqual(500)
  }
})

test('[CLOSE-2] a connection that went live starts the waits anew', async () => {
  const made = await signedInClient({ runtime: { random: () => 1 - Number.EPSILON } })
  const { hello } = made.peer
  made.peer.hello = undefined
  await waitsOf(made, 4)
  if (hello) made.peer.connection.send({ type: 'session.hello', data: hello })
  await settle()
  expect(made.client.state.name).toBe('live')
  expect(await waitsOf(made, 2)).toEqual([500, 1_000])
})

test('a server that greets and closes is not asked in a tight loop', async () => {
  const made = await signedInClient({
    answers: { 'session.resume': () => undefined },
    runtime: { random: () => 1 - Number.EPSILON },
  })
  const waits: number[] = []
  for (let round = 0; round < 3; round++) {
    waits.push(...(await waitsOf(made, 1)))
    await settle()
    expect(made.client.state.name).toBe('greeted')
  }
  expect(waits).toEqual([500, 1_000, 2_000])
})

test('wake ends the wait', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.close(1006)
  client.wake()
  await settle()
  expect(client.state.name).toBe('live')
  expect(peer.connections).toHaveLength(2)
  client.wake()
  clock.advance(5_000)
  await settle()
  expect(peer.connections).toHaveLength(2)
})

test('what the old connection says after a drop is not heard', async () => {
  const made = await signedInClient()
  const told: number[] = []
  made.client.channels.get('general').on('message', ({ seq }) => told.push(seq))
  await settle()
  const old = made.peer.connection
  await reconnect(made)
  old.close(4500)
  old.send({ type: 'message.created', channel: 'general', seq: 42, data: {} })
  old.sendBinary(new Uint8Array(1))
  await settle()
  expect(made.client.state.name).toBe('live')
  expect(told).toEqual([])
  expect(made.faults).toEqual([])
})

test('until waits for a state, and rejects when it was closed or aborted', async () => {
  const { client, peer } = await signedInClient()
  expect((await client.until('live')).user.name).toBe('mei')
  peer.connection.close(1006)
  const controller = new AbortController()
  const aborted = outcomeOf(client.until('live', { signal: controller.signal }))
  const closed = outcomeOf(client.until('live'))
  controller.abort('enough')
  await client.close()
  await settle()
  expect(aborted.error).toBe('enough')
  expect(closed.error).toMatchObject({ name: 'ConnectionError', reason: 'closed' })
})

test('close ends the connection with 1000 and stays closed', async () => {
  const { client, peer, states } = await signedInClient()
  await client.close()
  expect(peer.connection.closedByClient).toEqual({ code: 1000, reason: '' })
  peer.connection.close(1006)
  await settle()
  expect(states).toEqual(['connecting', 'greeted', 'live', 'closed'])
  expect(client.state).toMatchObject({ name: 'closed', error: { reason: 'closed' } })
})

test('after close no timer is left, whatever was under way', async () => {
  const made = await signedInClient({ answers: { 'channel.list': () => undefined, 'message.send': () => undefined } })
  const { client, peer, clock } = made
  client.channels.get('general').on('message', () => {})
  const call = await client.voice.join('lounge', { microphone: new FakeSource() })
  const ben = memberNamed('ben', { tracks: [trackNumbered(9)] })
  peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member: ben } })
  peer.connection.sendBinary(audioFrame({ track: 9, level: 10 }))
  expect(call.members.get('m-ben')?.speaking).toBe(true)
  void outcomeOf(client.channels.list())
  void outcomeOf(client.channels.get('general').send('hello'))
  expect(clock.waiting).toBeGreaterThanOrEqual(4)
  await client.close()
  await settle()
  expect(clock.waiting).toBe(0)
})

test('after close no timer is left of a client that waits for its next attempt', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.close(1006)
  void outcomeOf(client.channels.list())
  await settle()
  expect(clock.waiting).toBe(2)
  await client.close()
  await settle()
  expect(clock.waiting).toBe(0)
})

test('close releases the microphone and the sinks', async () => {
  const microphone = new FakeSource()
  const sink = new FakeSink()
  const { client, peer } = await signedInClient({ runtime: { output: () => sink } })
  const call = await client.voice.join('lounge', { microphone })
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  const ben = memberNamed('ben', { tracks: [trackNumbered(9)] })
  peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member: ben } })
  await settle()
  await client[Symbol.asyncDispose]()
  await settle()
  expect([microphone.closed, sink.closed]).toEqual([1, 1])
  expect(ended).toEqual(['left'])
  expect(client.voice.call).toBeUndefined()
})

test('close ends the connection though the microphone does not close', async () => {
  const microphone = Object.assign(new FakeSource(), { close: () => Promise.reject(new Error('stuck')) })
  const { client, peer, clock } = await signedInClient()
  await client.voice.join('lounge', { microphone })
  void outcomeOf(client.close())
  await settle()
  expect(client.state.name).toBe('closed')
  expect(peer.connection.closedByClient?.code).toBe(1000)
  expect(clock.waiting).toBe(0)
})

test('a final close ends the call as gone', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  peer.connection.close(CLOSE.revoked)
  await settle()
  expect(ended).toEqual(['gone'])
  expect(microphone.closed).toBe(1)
})
