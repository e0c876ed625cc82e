import type { RecordingConsumer, RecordingSource, SourceFrame } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a recording source suite is told. */
export interface RecordingSourceSuiteOptions {
  /** A source that has at least half a second to give, not prepared yet. */
  readonly create: () => RecordingSource | Promise<RecordingSource>
  readonly supports?: {
    /** It ends by itself. */
    readonly ends?: boolean
    /** One that cannot be prepared. */
    readonly missing?: () => RecordingSource
  }
  /** What the source is, in the titles. */
  readonly name?: string
}

const HEADROOM = 16

/** The contract of `RecordingSource`, as vitest tests: call it in a test file. */
export function recordingSourceSuite({ create, supports = {}, name = 'source' }: RecordingSourceSuiteOptions): void {
  const { ends = false, missing } = supports

  describe(`${name} keeps the recording source contract`, () => {
    test('its tracks have keys of their own: one of pictures and one of sound at most', async () => {
      const source = await create()
      const tracks = await source.prepare()
      expect(tracks.length).toBeGreaterThan(0)
      expect(new Set(tracks.map(({ key }) => key)).size).toBe(tracks.length)
      expect(new Set(tracks.map(({ format }) => format.kind)).size).toBe(tracks.length)
      await source.stop()
    })

    test('frames are of its tracks, behind 16 free bytes, in rising time; pictures begin with a key frame', async () => {
      const source = await create()
      const tracks = await source.prepare()
      const taken = taker()
      await source.start(taken.consumer)
      for (const { key } of tracks) await taken.has(key, 10)
      await source.stop()
      const { frames } = taken
      expect([...new Set(frames.map(({ key }) => key))].sort()).toEqual(tracks.map(({ key }) => key).sort())
      for (const { key, format } of tracks) {
        const own = frames.filter((frame) => frame.key === key)
        for (const [at, frame] of own.entries()) {
          expect(frame.bytes.length).toBeGreaterThan(HEADROOM)
          if (at > 0) expect(frame.timestamp).toBeGreaterThan(own[at - 1]?.timestamp ?? 0)
        }
        if (format.kind === 'video') {
          expect(own[0]?.keyFrame).toBe(true)
          // Annex B: a start code.
          for (const { bytes } of own)
            expect([...bytes.subarray(HEADROOM, HEADROOM + 3)]).toEqual([0, 0, expect.any(Number)])
        }
      }
      const [first, second] = tracks.map(({ key }) => frames.find((frame) => frame.key === key)?.timestamp ?? 0)
      if (first !== undefined && second !== undefined) expect(Math.abs(first - second)).toBeLessThan(2_000_000)
    })

    test('bytes are their receiver’s: writing into one frame changes no other', async () => {
      const source = await create()
      const [track] = await source.prepare()
      const taken = taker()
      await source.start(taken.consumer)
      await taken.has(track?.key ?? '', 10)
      await source.stop()
      const own = taken.frames.slice(0, 10)
      const before = own.map(({ bytes }) => [...bytes])
      own[0]?.bytes.fill(0xee)
      expect(own.slice(1).map(({ bytes }) => [...bytes])).toEqual(before.slice(1))
    })

    test('after a stop nothing comes, and stopping again is no error', async () => {
      const source = await create()
      const [track] = await source.prepare()
      const taken = taker()
      await source.start(taken.consumer)
      await taken.has(track?.key ?? '', 3)
      await source.stop()
      const { length } = taken.frames
      await source.stop()
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect([taken.frames.length, taken.endings]).toEqual([length, []])
    })

    test('one that was only prepared can be stopped', async () => {
      const source = await create()
      await source.prepare()
      await expect(source.stop()).resolves.toBeUndefined()
    })

    test.runIf(ends)('one that is over says so, once, after its last frame', async () => {
      const source = await create()
      await source.prepare()
      const taken = taker()
      await source.start(taken.consumer)
      await taken.ended
      const { length } = taken.frames
      await source.stop()
      expect([taken.frames.length, taken.endings]).toEqual([length, [undefined]])
    })

    test.runIf(missing)('one that cannot be prepared says so with a MediaError', async () => {
      const source = missing?.()
      const error: unknown = await source?.prepare().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect((error as Error)?.name).toBe('MediaError')
      await source?.stop()
    })
  })
}

interface Taker {
  readonly consumer: RecordingConsumer
  readonly frames: SourceFrame[]
  readonly endings: (Error | undefined)[]
  /** Resolves when a track has given so many frames. */
  has(key: string, count: number): Promise<void>
  readonly ended: Promise<void>
}

function taker(): Taker {
  const frames: SourceFrame[] = []
  const endings: (Error | undefined)[] = []
  let look = (): void => {}
  let over = (): void => {}
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  return {
    frames,
    endings,
    ended,
    has: (key, count) =>
      new Promise((resolve) => {
        look = () => {
          if (frames.filter((frame) => frame.key === key).length >= count) resolve()
        }
        look()
      }),
    consumer: {
      frame: (frame) => {
        frames.push(frame)
        look()
      },
      ended: (error) => {
        endings.push(error)
        over()
      },
    },
  }
}
