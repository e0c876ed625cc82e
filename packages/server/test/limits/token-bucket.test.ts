import { RATES } from '@arclight/core/protocol'
import { seededRandom } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { TokenBucket } from '../../src/limits/token-bucket.ts'

test('[LIMIT-1] the burst passes at once, then one at a time as the rate says', () => {
  const bucket = new TokenBucket({ burst: 3, perSecond: 4 })
  expect([bucket.take(100), bucket.take(100), bucket.take(100)]).toEqual([0, 0, 0])
  expect(bucket.take(100)).toBe(250)
  expect(bucket.take(349)).toBe(1)
  expect(bucket.take(350)).toBe(0)
  expect(bucket.take(350)).toBe(250)
})

test('[LIMIT-1] after the whole burst’s time the whole burst is there again, and never more', () => {
  const bucket = new TokenBucket({ burst: 3, perSecond: 4 })
  for (let count = 0; count < 3; count++) bucket.take(0)
  expect([bucket.isFull(749), bucket.isFull(750)]).toEqual([false, true])
  expect([0, 0, 0, 0].map(() => bucket.take(1_000_000))).toEqual([0, 0, 0, 250])
})

test('[LIMIT-2] for every rate and at any time, what is refused passes when it was told, and not one millisecond before', () => {
  const seed = Date.now() % 1_000_000
  const random = seededRandom(seed)
  const rates = [...Object.values(RATES), { burst: 2, perSecond: 3 }, { burst: 1, perSecond: 0.7 }]
  let refusals = 0
  for (const rate of rates) {
    const bucket = new TokenBucket(rate)
    const early = new TokenBucket(rate)
    let now = random() * 1e9
    for (let step = 0; step < 2_000; step++) {
      const wait = bucket.take(now)
      expect(early.take(now), `seed ${seed}`).toBe(wait)
      if (wait === 0) continue
      refusals++
      expect(Number.isSafeInteger(wait)).toBe(true)
      expect(early.take(now + wait - 1), `seed ${seed}`).toBeGreaterThan(0)
      now += wait
      expect([bucket.take(now), early.take(now)], `seed ${seed}, ${JSON.stringify(rate)} at ${now}`).toEqual([0, 0])
      if (random() < 0.2) now += (random() * 3_000) / rate.perSecond
    }
  }
  expect(refusals).toBeGreaterThan(rates.length * 100)
})

test('several at once are taken together or not at all', () => {
  const bucket = new TokenBucket({ burst: 100, perSecond: 10 })
  expect(bucket.take(0, 60)).toBe(0)
  expect(bucket.take(0, 60)).toBe(2_000)
  expect(bucket.take(0, 40)).toBe(0)
})

test('a rate that would let nothing pass is refused', () => {
  for (const rate of [
    { burst: 0, perSecond: 1 },
    { burst: 5, perSecond: 0 },
    { burst: Number.NaN, perSecond: 1 },
  ]) {
    expect(() => new TokenBucket(rate)).toThrow(RangeError)
  }
})
