import type { MediaError } from '@arclight/core'
import type { AudioConsumer, AudioSource } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a source suite is told. */
export interface AudioSourceSuiteOptions {
  /** A source that sounds for at least half a second, not opened yet. */
  readonly create: () => AudioSource | Promise<AudioSource>
  readonly supports?: {
    /** One that ends by itself, and how long it sounds. */
    readonly ending?: { readonly create: () => AudioSource; readonly durationMs: number }
    /** One that cannot be opened: a file that is not there, a device that was refused. */
    readonly missing?: () => AudioSource
  }
  /** What the source is, in the titles. */
  readonly name?: string
}

interface Chunk {
  readonly count: number
  readonly peak: number
  readonly at: number
}

/** The contract of `AudioSource`, as vitest tests: call it in a test file. */
export function audioSourceSuite({ create, supports = {}, name = 'source' }: AudioSourceSuiteOptions): void {
  const { ending, missing } = supports

  describe(`${name} keeps the source contract`, () => {
    test('it gives samples in −1..1, each chunk where the one before ended', async () => {
      const source = await create()
      const heard = listener()
      await source.open(heard.consumer)
      await heard.samples(14_400)
      await source.close()
      const { chunks } = heard
      expect(Math.max(...chunks.map(({ peak }) => peak))).toBeLessThanOrEqual(1)
      expect(Math.max(...chunks.map(({ peak }) => peak))).toBeGreaterThan(0)
      for (const [at, chunk] of chunks.entries()) {
        const before = chunks[at - 1]
        // A device's clock and the page's are not one: what is heard may be a few ms off.
        if (before) expect(Math.abs(chunk.at - before.at - before.count / 48)).toBeLessThan(25)
      }
      expect(heard.endings).toEqual([])
    })

    test('after a close nothing comes, no end is told, and closing again is no error', async () => {
      const source = await create()
      const heard = listener()
      await source.open(heard.consumer)
      await heard.samples(960)
      await source.close()
      const { length } = heard.chunks
      await source.close()
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect([heard.chunks.length, heard.endings]).toEqual([length, []])
    })

    test('one that was never opened can be closed', async () => {
      const source = await create()
      await expect(source.close()).resolves.toBeUndefined()
    })

    test.runIf(ending)('one that ends gives all that it has, and tells its end once', async () => {
      if (!ending) return
      const heard = listener()
      const source = ending.create()
      await source.open(heard.consumer)
      await heard.ended
      const length = heard.chunks.reduce((sum, { count }) => sum + count, 0) / 48
      expect(Math.abs(length - ending.durationMs)).toBeLessThanOrEqual(21)
      await source.close()
      expect(heard.endings).toEqual([undefined])
    })

    test.runIf(missing)('one that cannot be opened says so with a MediaError', async () => {
      const source = missing?.()
      const error: unknown = await source?.open(listener().consumer).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect((error as Error)?.name).toBe('MediaError')
      expect((error as MediaError).message.length).toBeGreaterThan(0)
      await source?.close()
    })
  })
}

interface Listener {
  readonly consumer: AudioConsumer
  readonly chunks: Chunk[]
  readonly endings: (Error | undefined)[]
  /** Resolves when so many samples have come. */
  samples(count: number): Promise<void>
  readonly ended: Promise<void>
}

function listener(): Listener {
  const chunks: Chunk[] = []
  const endings: (Error | undefined)[] = []
  let waiting: { count: number; resolve: () => void } | undefined
  let total = 0
  let over = (): void => {}
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  return {
    chunks,
    endings,
    ended,
    samples: (count) =>
      new Promise((resolve) => {
        waiting = { count, resolve }
        if (total >= count) resolve()
      }),
    consumer: {
      samples: (samples, at) => {
        const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
        chunks.push({ count: samples.length, peak, at })
        total += samples.length
        // Valid only during the call: whoever keeps it must see it change.
        if (waiting && total >= waiting.count) waiting.resolve()
      },
      ended: (error) => {
        endings.push(error)
        over()
      },
    },
  }
}
