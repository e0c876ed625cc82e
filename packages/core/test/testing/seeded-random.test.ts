import { expect, test } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'

test('the same seed gives the same numbers, another seed others', () => {
  const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed))
  expect(take(7)).toEqual(take(7))
  expect(take(7)).not.toEqual(take(8))
})

test('the first numbers of mulberry32 for seed 1', () => {
  const random = seededRandom(1)
  const first = [random(), random(), random()].map((value) => value * 2 ** 32)
  expect(first).toEqual([2_693_262_067, 11_749_833, 2_265_367_787])
})

test('ten thousand numbers lie in [0, 1) and fill it evenly', () => {
  const random = seededRandom(42)
  const tenths = new Array<number>(10).fill(0)
  for (let count = 0; count < 10_000; count++) {
    const tenth = Math.floor(random() * 10)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  expect(tenths).toHaveLength(10)
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(120)
})
