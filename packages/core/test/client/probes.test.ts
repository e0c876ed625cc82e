import { expect, test } from 'vitest'
import { MediaFlag } from '../../src/codec/media-header.ts'
import { encodeProbe } from '../../src/codec/probe.ts'
import { answerProbe, audioFrame, probesSent } from './media-frames.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import type { TestClient } from './test-client.ts'

/** Moves on in steps of 100 ms; the server answers each probe at once. Returns when each probe was sent. */
function probeTimes({ peer, clock }: TestClient, duration: number): number[] {
  const times: number[] = []
  let seen = probesSent(peer.connection).length
  for (let step = 0; step < duration / 100; step++) {
    clock.advance(100)
    const probes = probesSent(peer.connection)
    if (probes.length > seen) {
      times.push(...probes.slice(seen).map(({ timestamp }) => timestamp / 1_000))
      answerProbe(peer.connection)
    }
    seen = probes.length
  }
  return times
}

test('[PROBE-1] a probe of the server is answered with its seq, the echo flag and the client’s clock', async () => {
  const { peer, clock } = await signedInClient()
  clock.advance(1_234)
  const before = probesSent(peer.connection).length
  peer.connection.sendBinary(encodeProbe({ seq: 0xfffffffe, timestamp: 99, echo: false }))
  const answers = probesSent(peer.connection).slice(before)
  const answer = { kind: 2, flags: MediaFlag.echo, track: 0, seq: 0xfffffffe, level: 127, timestamp: 1_234_000 }
  expect(answers).toEqual([answer])
})

test('[PROBE-1] each probe is answered, in their order, before the client has signed in too', async () => {
  const { client, peer } = await signedInClient({ answers: { 'session.resume': () => undefined } })
  peer.connection.close(1006)
  client.wake()
  await settle()
  expect(client.state.name).toBe('greeted')
  for (const seq of [5, 6, 7]) peer.connection.sendBinary(encodeProbe({ seq, timestamp: 0, echo: false }))
  const answers = probesSent(peer.connection).filter(({ flags }) => flags & MediaFlag.echo)
  expect(answers.map(({ seq }) => seq)).toEqual([5, 6, 7])
})

test('[PROBE-1] an answer of the server is not answered, and gives the round trip', async () => {
  const { client, peer, clock } = await signedInClient()
  expect(client.stats).toEqual({ sent: 0, dropped: 0 })
  clock.advance(30)
  const before = peer.connection.frames.length
  answerProbe(peer.connection)
  expect(peer.connection.frames).toHaveLength(before)
  expect(client.stats).toEqual({ roundTrip: 30, minimumRoundTrip: 30, sent: 0, dropped: 0 })
})

test('[PROBE-1] a probe with a payload is none', async () => {
  const { client, peer, clock, faults } = await signedInClient()
  clock.advance(30)
  const before = peer.connection.frames.length
  peer.connection.sendBinary(Uint8Array.of(...encodeProbe({ seq: 0, timestamp: 0, echo: false }), 0))
  peer.connection.sendBinary(Uint8Array.of(...encodeProbe({ seq: 0, timestamp: 0, echo: true }), 0))
  expect(peer.connection.frames).toHaveLength(before)
  expect(client.stats.roundTrip).toBeUndefined()
  expect(faults).toEqual([])
})

test('[PROBE-2] the client probes with the greeting and every 10 s, counting from 0', async () => {
  const made = await signedInClient()
  const [first] = probesSent(made.peer.connection)
  expect(first).toMatchObject({ seq: 0, flags: 0, timestamp: 0 })
  answerProbe(made.peer.connection)
  expect(probeTimes(made, 35_000)).toEqual([10_000, 20_000, 30_000])
  expect(probesSent(made.peer.connection).map(({ seq }) => seq)).toEqual([0, 1, 2, 3])
})

test('[PROBE-2] in voice it probes every 5 s, and after it every 10 s again', async () => {
  const made = await signedInClient()
  answerProbe(made.peer.connection)
  const call = await made.client.voice.join('lounge')
  expect(probeTimes(made, 16_000)).toEqual([5_000, 10_000, 15_000])
  await call.leave()
  const after = probeTimes(made, 30_000)
  expect(after.slice(1).map((time, index) => time - (after[index] ?? 0))).toEqual([10_000, 10_000])
})

test('[PROBE-2] entering and leaving voice never makes a probe late', async () => {
  const made = await signedInClient()
  answerProbe(made.peer.connection)
  const times = [0]
  times.push(...probeTimes(made, 9_000))
  const call = await made.client.voice.join('lounge')
  times.push(...probeTimes(made, 4_900))
  await call.leave()
  times.push(...probeTimes(made, 20_000))
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  expect(gaps.length).toBeGreaterThanOrEqual(3)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000)
})

test('[PROBE-3] two probes without an answer, and the client lets go and connects again', async () => {
  const { client, peer, clock } = await signedInClient()
  const [dead] = peer.connections
  clock.advance(19_999)
  expect(client.state.name).toBe('live')
  expect(probesSent(peer.connection).map(({ seq }) => seq)).toEqual([0, 1])
  clock.advance(1)
  expect(client.state).toMatchObject({ name: 'waiting', reason: 'probes got no answer' })
  expect(dead?.closedByClient).toEqual({ code: 1000, reason: 'probes got no answer' })
  clock.advance(500)
  await settle()
  expect(peer.connections).toHaveLength(2)
  expect(client.state.name).toBe('live')
})

test('[PROBE-3] a timer that runs a little early does not add an interval', async () => {
  const { client, clock } = await signedInClient()
  const after = clock.after.bind(clock)
  clock.after = (delay, run) => after(delay - 0.6, run)
  clock.advance(20_000)
  expect(client.state).toMatchObject({ name: 'waiting', reason: 'probes got no answer' })
})

test('[PROBE-3] one probe without an answer is not enough', async () => {
  const { client, peer, clock } = await signedInClient()
  clock.advance(19_999)
  answerProbe(peer.connection)
  clock.advance(10_000)
  expect(client.state.name).toBe('live')
  expect(peer.connections).toHaveLength(1)
})

test('[PROBE-3] in voice two probes without an answer take 10 s', async () => {
  const made = await signedInClient()
  answerProbe(made.peer.connection)
  await made.client.voice.join('lounge')
  made.clock.advance(14_999)
  expect(made.client.state.name).toBe('live')
  made.clock.advance(1)
  expect(made.client.state.name).toBe('waiting')
})

test('[PROBE-3] media that still comes does not stand for an answer', async () => {
  const { client, peer, clock } = await signedInClient()
  for (let second = 0; second < 20; second++) {
    clock.advance(1_000)
    peer.connection.sendBinary(audioFrame({ seq: second }))
  }
  expect(client.state.name).toBe('waiting')
})

test('each connection counts its probes from 0 and knows nothing of the round trips before', async () => {
  const { client, peer, clock } = await signedInClient()
  clock.advance(30)
  answerProbe(peer.connection)
  peer.connection.close(1006)
  clock.advance(500)
  await settle()
  expect(probesSent(peer.connection).map(({ seq }) => seq)).toEqual([0])
  expect(client.stats.roundTrip).toBeUndefined()
})
