import { expect, test } from 'vitest'
import { ProbeTracker } from '../../src/state/probe-tracker.ts'

/** Sends a probe at `now` and answers it `roundTrip` later. */
function measure(probes: ProbeTracker, now: number, roundTrip: number): void {
  expect(probes.answered(probes.sent(now), now + roundTrip)).toBe(roundTrip)
}

test('probes count from 0, and an answer gives the round trip', () => {
  const probes = new ProbeTracker()
  expect(probes.roundTrip).toBeUndefined()
  expect(probes.minimumRoundTrip).toBeUndefined()
  expect(probes.sent(100)).toBe(0)
  expect(probes.answered(0, 130)).toBe(30)
  expect(probes.sent(200)).toBe(1)
  expect(probes.answered(1, 220)).toBe(20)
  expect(probes.roundTrip).toBe(20)
  expect(probes.minimumRoundTrip).toBe(20)
})

test('the oldest unanswered probe is the one that counts', () => {
  const probes = new ProbeTracker()
  expect(probes.waiting(500)).toBe(0)
  probes.sent(100)
  probes.sent(150)
  expect(probes.waiting(200)).toBe(100)
  probes.answered(0, 210)
  expect(probes.waiting(210)).toBe(60)
  probes.answered(1, 220)
  expect(probes.waiting(300)).toBe(0)
})

test('an answer answers for the probes before it: TCP keeps the order', () => {
  const probes = new ProbeTracker()
  for (const now of [0, 50, 100, 150]) probes.sent(now)
  expect(probes.answered(2, 160)).toBe(60)
  expect(probes.waiting(170)).toBe(20)
  expect(probes.answered(0, 170)).toBeUndefined()
  expect(probes.answered(1, 170)).toBeUndefined()
  expect(probes.roundTrip).toBe(60)
})

test('an answer that comes twice, or to nothing, counts once or not at all', () => {
  const probes = new ProbeTracker()
  expect(probes.answered(0, 10)).toBeUndefined()
  probes.sent(10)
  expect(probes.answered(0, 30)).toBe(20)
  expect(probes.answered(0, 90)).toBeUndefined()
  expect(probes.answered(7, 90)).toBeUndefined()
  expect(probes.roundTrip).toBe(20)
})

test('a clock that went back makes no negative round trip', () => {
  const probes = new ProbeTracker()
  probes.sent(100)
  expect(probes.answered(0, 90)).toBe(0)
})

test('[PROBE-2] a probe is due when the last one is an interval old', () => {
  const probes = new ProbeTracker()
  expect(probes.isDue(0, 50)).toBe(true)
  probes.sent(0)
  expect(probes.isDue(49, 50)).toBe(false)
  expect(probes.isDue(50, 50)).toBe(true)
})

test('sixty-four probes wait for an answer at most', () => {
  const probes = new ProbeTracker()
  for (let sent = 0; sent < 63; sent++) probes.sent(sent * 50)
  expect(probes.isDue(10_000, 50)).toBe(true)
  probes.sent(63 * 50)
  expect(probes.isDue(10_000, 50)).toBe(false)
  probes.answered(0, 10_000)
  expect(probes.isDue(10_000, 50)).toBe(true)
})

test('[GATE-1] the least round trip is kept for at least a minute and at most two', () => {
  const probes = new ProbeTracker()
  measure(probes, 0, 10)
  for (let now = 5_000; now < 60_000; now += 5_000) {
    measure(probes, now, 80)
    expect(probes.minimumRoundTrip, `at ${now}`).toBe(10)
  }
  for (let now = 60_000; now <= 120_000; now += 5_000) measure(probes, now, 80)
  expect(probes.minimumRoundTrip).toBe(80)
})

test('[GATE-1] a round trip that is shorter counts at once', () => {
  const probes = new ProbeTracker()
  measure(probes, 0, 80)
  measure(probes, 1_000, 30)
  expect(probes.minimumRoundTrip).toBe(30)
  measure(probes, 2_000, 50)
  expect(probes.minimumRoundTrip).toBe(30)
  expect(probes.roundTrip).toBe(50)
})
