import { encodeProbe, MediaFlag, MediaKind, NO_LEVEL, readHeader, readSeq } from '@arclight/core/codec'
import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { InProcessClient } from '../in-process-client.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { nextTurn } from '../turns.ts'
import { enter } from '../voice.ts'

const TICK_MS = 100

test('[PROBE-1] a probe is answered with its seq, the echo flag and the server’s clock', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const client = await running.connect()
  clock.advance(1_234.5)
  for (const seq of [0, 1, 77, 2 ** 32 - 1]) {
    client.sendBinary(encodeProbe({ seq, timestamp: 99, echo: false }))
    const answer = await client.echoes.take()
    expect(readHeader(answer)).toEqual({
      kind: MediaKind.probe,
      flags: MediaFlag.echo,
      track: 0,
      seq,
      level: NO_LEVEL,
      timestamp: 1_234_500,
    })
    expect(answer).toHaveLength(16)
  }
})

test('[PROBE-1] the answer leaves before everything else that waits', async () => {
  await using server = createServer({ clock: new ManualClock() })
  await server.open()
  const client = new InProcessClient(server)
  await nextTurn()
  client.takeWrites()
  client.handler.text('no request')
  client.post('channel.list')
  client.handler.binary(encodeProbe({ seq: 5, timestamp: 0, echo: false }))
  await nextTurn()
  expect(client.takeWrites()).toEqual([
    [
      { echo: 5 },
      { text: expect.objectContaining({ type: 'session.rejected' }) },
      { text: expect.objectContaining({ re: 1 }) },
    ],
  ])
})

test('[PROBE-1] probes that come at once are answered in their order', async () => {
  await using server = createServer({ clock: new ManualClock() })
  await server.open()
  const client = new InProcessClient(server)
  await nextTurn()
  client.takeWrites()
  for (const seq of [5, 6, 7]) client.handler.binary(encodeProbe({ seq, timestamp: 0, echo: false }))
  await nextTurn()
  expect(client.takeWrites()).toEqual([[{ echo: 5 }, { echo: 6 }, { echo: 7 }]])
})

/** When a client was probed in the `duration` from now on, in milliseconds from now; it answers. */
async function probeTimes(clock: ManualClock, client: InProcessClient, duration: number): Promise<number[]> {
  const start = clock.now()
  const times: number[] = []
  while (clock.now() < start + duration) {
    clock.advance(TICK_MS)
    await nextTurn()
    for (const { probe } of client.takeWrites().flat()) {
      if (probe === undefined) continue
      times.push(clock.now() - start)
      client.answer(probe)
    }
  }
  return times
}

test('[PROBE-2] the server probes every 10 s, and every 5 s in voice', async () => {
  const clock = new ManualClock()
  await using server = createServer({ clock })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  expect(await probeTimes(clock, mei, 40_000)).toEqual([100, 10_100, 20_100, 30_100])
  await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: true, deafened: false })
  mei.takeWrites()
  expect(await probeTimes(clock, mei, 20_000)).toEqual([100, 5_100, 10_100, 15_100])
  await mei.ask('voice.leave', { channel: 'lounge' })
  mei.takeWrites()
  expect(await probeTimes(clock, mei, 20_000)).toEqual([5_100, 15_100])
})

test('[PROBE-2] where media flows a probe goes with it, at most every 50 ms', async () => {
  const clock = new ManualClock()
  await using server = createServer({ clock })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  const { track } = await mei.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })
  clock.advance(TICK_MS)
  await nextTurn()
  for (const { probe } of li.takeWrites().flat()) if (probe !== undefined) li.answer(probe)
  const probed: number[] = []
  for (let seq = 0; seq < 20; seq++) {
    clock.advance(20)
    mei.handler.binary(mediaFrame({ track, seq }))
    await nextTurn()
    const [items = [], ...more] = li.takeWrites()
    expect(more).toEqual([])
    expect(items.at(-1)?.media && readSeq(items.at(-1)?.media ?? new Uint8Array(16))).toBe(seq)
    for (const { probe } of items) {
      if (probe === undefined) continue
      probed.push(clock.now() - TICK_MS)
      li.answer(probe)
    }
  }
  expect(probed).toEqual([60, 120, 180, 240, 300, 360])
  expect(
    mei
      .takeWrites()
      .flat()
      .filter(({ probe }) => probe !== undefined),
  ).toHaveLength(1)
})

test('[PROBE-3] a connection that does not answer two probes in a row is closed with 4002', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const mei = await running.signIn('mei')
  const silent = await running.signIn('li', { answersProbes: false })
  const member = await enter(silent)
  await enter(mei)
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += TICK_MS) {
      clock.advance(TICK_MS)
      await mei.settle()
    }
  }
  await pass(10_000)
  await silent.settle()
  expect(silent.probes.all).toHaveLength(2)
  clock.advance(TICK_MS)
  expect(await silent.closed).toEqual({ code: 4002, reason: 'two probes got no answer' })
  await pass(30_000)
  expect(await mei.event('voice.left')).toEqual({ channel: 'lounge', member })
  expect((await mei.ask('channel.list', {})).channels).toHaveLength(2)
})

test('[PROBE-3] one unanswered probe, or late answers, do not close', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const mei = await running.signIn('mei')
  mei.ignoreProbes()
  for (let round = 0; round < 5; round++) {
    for (let passed = 0; passed < 19_000; passed += TICK_MS) {
      clock.advance(TICK_MS)
      await mei.settle()
    }
    mei.answerProbes()
    mei.ignoreProbes()
    await mei.settle()
  }
  expect((await mei.ask('channel.list', {})).channels).toHaveLength(2)
})

test('[PROBE-3] an idle connection has 20 s', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const silent = await running.signIn('li', { answersProbes: false })
  for (let passed = 0; passed < 20_000; passed += TICK_MS) {
    clock.advance(TICK_MS)
    await silent.settle()
  }
  expect(silent.probes.all.map(readSeq)).toEqual([0, 1])
  clock.advance(TICK_MS)
  expect(await silent.closed).toMatchObject({ code: 4002 })
})
