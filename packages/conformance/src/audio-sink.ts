import type { AudioSink } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** A sink with a way to know what it took. */
export interface TestedSink {
  readonly sink: AudioSink
  /** What was written, once the sink is closed: mono samples at 48 kHz. Where that cannot be known, leave it out. */
  readonly heard?: () => Float32Array | Promise<Float32Array>
}

/** What a sink suite is told. */
export interface AudioSinkSuiteOptions {
  readonly create: () => TestedSink | Promise<TestedSink>
  readonly supports?: {
    /** It can be made louder and quieter. */
    readonly volume?: boolean
  }
  /** What the sink is, in the titles. */
  readonly name?: string
}

const FRAME = 960

/** The contract of `AudioSink`, as vitest tests: call it in a test file. */
export function audioSinkSuite({ create, supports = {}, name = 'sink' }: AudioSinkSuiteOptions): void {
  describe(`${name} keeps the sink contract`, () => {
    test('what is written is safe once it is closed, pauses or not; the array may be used again at once', async () => {
      const { sink, heard } = await create()
      const samples = new Float32Array(FRAME)
      for (let frame = 0; frame < 40; frame++) {
        samples.set(tone(frame))
        sink.write(samples, (5_000_000 + frame * 20_000) as never)
        samples.fill(0.99)
        if (frame === 19) sink.pause()
      }
      await sink.close()
      const kept = await heard?.()
      if (!kept) return
      expect(Math.abs(kept.length - 40 * FRAME)).toBeLessThanOrEqual(FRAME)
      const peak = kept.subarray(5 * FRAME, 35 * FRAME).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(peak).toBeGreaterThan(0.4)
      expect(peak).toBeLessThan(0.65)
    })

    test('chunks of any length are taken', async () => {
      const { sink, heard } = await create()
      let total = 0
      for (const length of [1, 7, 959, 960, 961, 0, 5_000]) {
        sink.write(new Float32Array(length).fill(0.1), ((total * 1_000) / 48) as never)
        total += length
      }
      await sink.close()
      const kept = await heard?.()
      if (kept) expect(Math.abs(kept.length - total)).toBeLessThanOrEqual(FRAME)
    })

    test('one that heard nothing closes, and closing again is no error; what comes later is dropped', async () => {
      const { sink } = await create()
      sink.pause()
      await sink.close()
      await sink.close()
      expect(() => sink.write(tone(0), 0 as never)).not.toThrow()
      expect(() => sink.pause()).not.toThrow()
    })

    test.runIf(supports.volume)('its volume can be set at any time', async () => {
      const { sink } = await create()
      for (const volume of [0, 0.5, 1, 2]) {
        sink.setVolume?.(volume)
        sink.write(tone(0), 0 as never)
      }
      expect(sink.setVolume).toBeTypeOf('function')
      await sink.close()
    })
  })
}

function tone(frame: number): Float32Array {
  return new Float32Array(FRAME).map((_, at) => Math.sin((2 * Math.PI * 500 * (frame * FRAME + at)) / 48_000) / 2)
}
