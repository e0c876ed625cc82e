import { expect, test } from 'vitest'
import { Member } from '../../src/client/voice/member.ts'
import { Speaker } from '../../src/client/voice/speaker.ts'
import { MediaFlag, readHeader } from '../../src/codec/media-header.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { FakeCodec } from './fake-codec.ts'
import { FakeSink } from './fake-sink.ts'
import { audioFrame } from './media-frames.ts'
import { outcomeOf } from './outcome.ts'
import { settle } from './settle.ts'
import { memberNamed, trackNumbered } from './wire-data.ts'

interface Heard {
  readonly speaker: Speaker
  readonly codec: FakeCodec
  /** A frame of the track comes: its payload is its seq, its timestamp 20 ms times that. */
  readonly hear: (seq: number, flags?: number) => void
}

function speakerOfBen(codec = new FakeCodec()): Heard {
  const changed = { speaking: (): void => {}, volume: (): void => {} }
  const member = new Member(memberNamed('ben'), new ManualClock(), changed)
  const speaker = new Speaker({ member, track: trackNumbered(9), codec: async () => codec, failed: () => {} })
  const hear = (seq: number, flags = 0): void => {
    const frame = audioFrame({ track: 9, seq, flags, timestamp: (seq % 2 ** 32) * 20_000 }, seq % 256)
    speaker.receive(readHeader(frame), frame)
  }
  return { speaker, codec, hear }
}

test('frames are decoded in order, with the timestamps of their publisher', async () => {
  const { speaker, hear } = speakerOfBen()
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  await settle()
  for (const seq of [0, 1, 2]) hear(seq)
  expect(sink.played).toEqual([
    [0, 0],
    [1, 20_000],
    [2, 40_000],
  ])
})

test('frames that come while the decoder is being made keep their order and their timestamps', async () => {
  const codec = new FakeCodec()
  let ready: () => void = () => {}
  codec.decoderReady = new Promise((resolve) => {
    ready = resolve
  })
  const { speaker, hear } = speakerOfBen(codec)
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  await settle()
  for (const seq of [0, 1, 2]) hear(seq)
  expect(sink.played).toEqual([])
  ready()
  await settle()
  hear(3)
  expect(sink.played).toEqual([
    [0, 0],
    [1, 20_000],
    [2, 40_000],
    [3, 60_000],
  ])
})

test('a talk spurt that ends while the decoder is being made pauses the sink', async () => {
  const { speaker, hear } = speakerOfBen()
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  hear(0)
  hear(1, MediaFlag.talkSpurtEnd)
  await settle()
  expect(sink.played).toEqual([[0, 0], [1, 20_000], 'pause'])
})

test('at most a second of frames waits for the decoder', async () => {
  const { speaker, hear } = speakerOfBen()
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  for (let seq = 0; seq < 60; seq++) hear(seq)
  await settle()
  expect(sink.played).toHaveLength(50)
})

test('the end of a talk spurt pauses the sink after its last frame', async () => {
  const { speaker, hear } = speakerOfBen()
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  await settle()
  hear(0)
  hear(1, MediaFlag.talkSpurtEnd)
  hear(2, MediaFlag.talkSpurtStart)
  expect(sink.played).toEqual([[0, 0], [1, 20_000], 'pause', [2, 40_000]])
})

test('frames before anybody pipes are counted and not kept', async () => {
  const { speaker, hear } = speakerOfBen()
  hear(0)
  hear(1)
  const sink = new FakeSink()
  void outcomeOf(speaker.pipe(sink))
  await settle()
  hear(2)
  expect(sink.played).toEqual([[2, 40_000]])
  expect(speaker.stats).toEqual({ received: 3, lost: 0 })
})

test('frames missing between others are counted as lost, those before the first are not', () => {
  const { speaker, hear } = speakerOfBen()
  for (const seq of [100, 101, 104, 105, 110]) hear(seq)
  expect(speaker.stats).toEqual({ received: 5, lost: 2 + 4 })
})

test('a frame that comes twice loses nothing', () => {
  const { speaker, hear } = speakerOfBen()
  for (const seq of [5, 5, 6]) hear(seq)
  expect(speaker.stats).toEqual({ received: 3, lost: 0 })
})

test('a seq that wraps loses nothing', () => {
  const { speaker, hear } = speakerOfBen()
  for (const seq of [2 ** 32 - 2, 2 ** 32 - 1, 0, 1]) hear(seq)
  expect(speaker.stats).toEqual({ received: 4, lost: 0 })
})

test('a pipe is over when the speaker is gone and the sink is closed', async () => {
  const { speaker, codec } = speakerOfBen()
  let safe: () => void = () => {}
  const sink = new FakeSink(
    () =>
      new Promise((resolve) => {
        safe = resolve
      }),
  )
  const piped = outcomeOf(speaker.pipe(sink))
  await settle()
  void speaker.close()
  await settle()
  expect(codec.decoders.map(({ closed }) => closed)).toEqual([true])
  expect([sink.closed, piped.status]).toEqual([1, 'pending'])
  safe()
  await settle()
  expect(piped.status).toBe('fulfilled')
})

test('a speaker that goes while its decoder is being made closes both', async () => {
  const { speaker, codec } = speakerOfBen()
  const sink = new FakeSink()
  const piped = outcomeOf(speaker.pipe(sink))
  await speaker.close()
  await settle()
  expect(codec.decoders.map(({ closed }) => closed)).toEqual([true])
  expect([sink.closed, piped.status]).toEqual([1, 'fulfilled'])
})

test('a sink that cannot close fails its pipe', async () => {
  const { speaker } = speakerOfBen()
  const full = new Error('the disk is full')
  const piped = outcomeOf(speaker.pipe(new FakeSink(() => Promise.reject(full))))
  await settle()
  const closed = outcomeOf(speaker.close())
  await settle()
  expect(piped).toEqual({ status: 'rejected', error: full })
  expect(closed.status).toBe('fulfilled')
})

test('one speaker is piped once', async () => {
  const { speaker } = speakerOfBen()
  void outcomeOf(speaker.pipe(new FakeSink()))
  await expect(speaker.pipe(new FakeSink())).rejects.toThrow('microphone of ben is piped already')
})
