import { expect, test } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { ClockOffset } from '../../src/time/clock-offset.ts'

test('nothing is known before the first sample', () => {
  expect(new ClockOffset().value).toBeUndefined()
})

test('[CLOCK-1] a symmetric round trip gives the offset exactly', () => {
  const offset = new ClockOffset()
  // Sent at 1,000, read by the peer at its 51,020, back at 1,040: the peer is 50,000 ahead.
  offset.push({ now: 1_040, roundTrip: 40, peer: 51_020 })
  expect(offset.value).toBe(50_000)
})

test('[CLOCK-1] the shortest of the last eight trips decides, and its error is half of it at most', () => {
  const random = seededRandom(11)
  const offset = new ClockOffset()
  const trips: number[] = []
  for (let at = 0; at < 200; at++) {
    const [there, back] = [1 + 200 * random(), 1 + 200 * random()]
    const now = at * 1_000
    offset.push({ now, roundTrip: there + back, peer: now - back + 7_777 })
    trips.push(there + back)
    const best = Math.min(...trips.slice(-8))
    expect(Math.abs((offset.value ?? 0) - 7_777)).toBeLessThanOrEqual(best / 2)
  }
})

test('[CLOCK-1] a clock that moved is believed after eight samples', () => {
  const offset = new ClockOffset()
  offset.push({ now: 1_000, roundTrip: 1, peer: 1_000 })
  for (let at = 0; at < 8; at++) offset.push({ now: 2_000 + at, roundTrip: 100, peer: 2_000 + at - 50 + 500 })
  expect(offset.value).toBe(500)
})
