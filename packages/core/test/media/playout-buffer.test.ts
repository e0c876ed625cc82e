import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlayoutBuffer } from '../../src/media/playout-buffer.ts'

/** Samples over which playing fades in. */
const FADE = 120

const ones = (count: number): Float32Array => new Float32Array(count).fill(1)
function pull(buffer: PlayoutBuffer, count: number): { sounds: boolean; output: Float32Array } {
  const output = new Float32Array(count).fill(Number.NaN)
  return { sounds: buffer.pull(output), output }
}

test('nothing plays before the target is gathered', () => {
  const buffer = new PlayoutBuffer({ target: 300, most: 1_000 })
  buffer.push(ones(299))
  expect(pull(buffer, 128)).toEqual({ sounds: false, output: new Float32Array(128) })
  expect(buffer.stats).toEqual({ waiting: 299, dropped: 0, underruns: 0 })
  buffer.push(ones(1))
  expect(pull(buffer, 128).sounds).toBe(true)
  expect(buffer.stats).toEqual({ waiting: 172, dropped: 0, underruns: 0 })
})

test('samples come out as they went in, after a fade-in of 120', () => {
  const buffer = new PlayoutBuffer({ target: 200, most: 1_000 })
  buffer.push(ones(FADE))
  const ramp = Float32Array.from({ length: 200 }, (_, index) => index / 256)
  buffer.push(ramp)
  const { output } = pull(buffer, FADE)
  expect(output).toEqual(Float32Array.from({ length: FADE }, (_, index) => index / FADE))
  expect(pull(buffer, 200).output).toEqual(ramp)
})

test('running dry is an underrun, and the target is gathered again', () => {
  const buffer = new PlayoutBuffer({ target: 100, most: 1_000 })
  buffer.push(ones(150))
  expect(pull(buffer, 128).sounds).toBe(true)
  expect(pull(buffer, 128).sounds).toBe(true) // the last 22, then the fade-out
  expect(buffer.stats).toEqual({ waiting: 0, dropped: 0, underruns: 1 })
  buffer.push(ones(99))
  for (let pulls = 0; pulls < 5; pulls++) pull(buffer, 128)
  expect(buffer.stats).toEqual({ waiting: 99, dropped: 0, underruns: 1 })
  buffer.push(ones(1))
  expect(pull(buffer, 50).sounds).toBe(true)
  expect(buffer.stats.waiting).toBe(50)
})

test('what runs dry fades out instead of stopping, and playing again fades in', () => {
  const buffer = new PlayoutBuffer({ target: 200, most: 1_000 })
  buffer.push(ones(200))
  pull(buffer, 200)
  const { output } = pull(buffer, 400)
  expect(output[0]).toBeCloseTo(29 / 30, 6)
  expect(output[1]).toBeCloseTo((29 / 30) ** 2, 6)
  expect(output[399]).toBe(0)
  buffer.push(ones(200))
  expect(pull(buffer, 3).output).toEqual(Float32Array.of(0, 1 / FADE, 2 / FADE))
})

test('past the most that may wait the oldest goes, down to the target', () => {
  const buffer = new PlayoutBuffer({ target: 100, most: 300 })
  buffer.push(Float32Array.from({ length: 300 }, (_, index) => index))
  expect(buffer.stats).toEqual({ waiting: 300, dropped: 0, underruns: 0 })
  buffer.push(Float32Array.of(300))
  expect(buffer.stats).toEqual({ waiting: 100, dropped: 201, underruns: 0 })
  const { output } = pull(buffer, 100)
  expect(output[99]).toBeCloseTo((300 * 99) / FADE, 3) // the newest sample, nearly faded in
})

test('every sample that does not come out is counted as dropped, however large the push', () => {
  const buffer = new PlayoutBuffer({ target: 100, most: 300 })
  buffer.push(ones(1_000))
  expect(buffer.stats).toEqual({ waiting: 100, dropped: 900, underruns: 0 })
})

test('after an end what is left plays without the target, and running dry is no underrun', () => {
  const buffer = new PlayoutBuffer({ target: 300, most: 1_000 })
  buffer.push(ones(150))
  expect(pull(buffer, 10).sounds).toBe(false)
  buffer.end()
  const { sounds, output } = pull(buffer, 200)
  expect(sounds).toBe(true)
  expect(output[149]).toBe(1)
  expect(buffer.stats).toEqual({ waiting: 0, dropped: 0, underruns: 0 })
  pull(buffer, 1_000) // the rest of the fade-out
  expect(pull(buffer, 10)).toEqual({ sounds: false, output: new Float32Array(10) })
})

test('an end with nothing left plays nothing', () => {
  const buffer = new PlayoutBuffer({ target: 300, most: 1_000 })
  buffer.end()
  expect(pull(buffer, 10)).toEqual({ sounds: false, output: new Float32Array(10) })
})

test('a push after an end starts a new spurt: the target is gathered again', () => {
  const buffer = new PlayoutBuffer({ target: 300, most: 1_000 })
  buffer.end()
  buffer.push(ones(299))
  expect(pull(buffer, 10).sounds).toBe(false)
  buffer.push(ones(1))
  expect(pull(buffer, 10).sounds).toBe(true)
})

test('a pull that says silence holds nothing else', () => {
  const buffer = new PlayoutBuffer({ target: 128, most: 1_000 })
  buffer.push(ones(128))
  for (let pulls = 0; pulls < 6; pulls++) {
    const { sounds, output } = pull(buffer, 128)
    expect(sounds || output.every((sample) => sample === 0), `pull ${pulls}`).toBe(true)
  }
})

test('whatever is pushed and pulled, samples are in, out, waiting or dropped, and the order stays', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ does: fc.constant('push' as const), count: fc.nat({ max: 90 }) }),
      fc.record({ does: fc.constant('pull' as const), count: fc.integer({ min: 1, max: 90 }) }),
      fc.record({ does: fc.constant('end' as const), count: fc.constant(0) }),
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, (plan) => {
      const buffer = new PlayoutBuffer({ target: 40, most: 100 })
      let pushed = 0
      let taken = 0
      for (const { does, count } of plan) {
        const before = buffer.stats.waiting
        if (does === 'push') buffer.push(Float32Array.from({ length: count }, () => ++pushed))
        if (does === 'pull') {
          const { sounds, output } = pull(buffer, count)
          expect(output.some(Number.isNaN)).toBe(false)
          taken += before - buffer.stats.waiting
          if (!sounds) expect(buffer.stats.waiting).toBe(before)
        }
        if (does === 'end') buffer.end()
        const { waiting, dropped } = buffer.stats
        expect(waiting).toBeLessThanOrEqual(100)
        expect(taken + waiting + dropped).toBe(pushed)
      }
    }),
  )
})
