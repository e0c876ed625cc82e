import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff } from '../../src/state/backoff.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'

const SCHEDULE = { first: 500, most: 15_000 }
const LATEST = 1 - Number.EPSILON

test('[CLOSE-2] the longest waits are 0.5 s, then twice as long each time, at most 15 s', () => {
  const waits = Array.from({ length: 8 }, (_, attempt) => backoff(attempt, { ...SCHEDULE, random: () => LATEST }))
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
})

test('[CLOSE-2] the shortest waits are a tenth of that: never nothing, and the first is random too', () => {
  const waits = Array.from({ length: 8 }, (_, attempt) => backoff(attempt, { ...SCHEDULE, random: () => 0 }))
  expect(waits).toEqual([50, 100, 200, 400, 800, 1_500, 1_500, 1_500])
})

test('[CLOSE-2] whatever the attempt and the seed, a wait keeps its bounds', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), fc.integer(), (attempt, seed) => {
      const wait = backoff(attempt, { ...SCHEDULE, random: seededRandom(seed) })
      const ceiling = Math.min(15_000, 500 * 2 ** attempt)
      expect(wait).toBeGreaterThanOrEqual(ceiling * 0.1 - 0.5)
      expect(wait).toBeLessThanOrEqual(ceiling)
    }),
  )
})

test('[CLOSE-2] a thousand clients of one restarted server spread over the first half second', () => {
  const random = seededRandom(1)
  const tenths = new Array<number>(10).fill(0)
  for (let client = 0; client < 1_000; client++) {
    const tenth = Math.min(9, Math.floor(backoff(0, { ...SCHEDULE, random }) / 50))
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  expect(tenths[0]).toBe(0)
  for (const count of tenths.slice(1)) expect(count).toBeGreaterThan(70) // of 111 on average
})
