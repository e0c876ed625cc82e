import { expect, test } from 'vitest'
import { isGateOpen } from '../../src/state/media-gate.ts'
import { ProbeTracker } from '../../src/state/probe-tracker.ts'

test('[GATE-1] the gate shuts when a probe waits longer than the least round trip and 100 ms', () => {
  const probes = new ProbeTracker()
  probes.answered(probes.sent(0), 40)
  probes.sent(1_000)
  expect(isGateOpen(probes, 1_140)).toBe(true)
  expect(isGateOpen(probes, 1_140.001)).toBe(false)
})

test('[GATE-1] it opens with the answer', () => {
  const probes = new ProbeTracker()
  probes.answered(probes.sent(0), 40)
  const late = probes.sent(1_000)
  expect(isGateOpen(probes, 3_000)).toBe(false)
  probes.answered(late, 3_000)
  expect(isGateOpen(probes, 3_000)).toBe(true)
})

test('[GATE-1] it is the oldest unanswered probe that decides', () => {
  const probes = new ProbeTracker()
  probes.answered(probes.sent(0), 40)
  const first = probes.sent(1_000)
  probes.sent(1_100)
  expect(isGateOpen(probes, 1_200)).toBe(false)
  probes.answered(first, 1_200)
  expect(isGateOpen(probes, 1_200)).toBe(true)
})

test('[GATE-1] it is the least round trip that counts, not the last', () => {
  const probes = new ProbeTracker()
  probes.answered(probes.sent(0), 40)
  probes.answered(probes.sent(1_000), 2_000)
  probes.sent(3_000)
  expect(isGateOpen(probes, 3_141)).toBe(false)
})

test('[GATE-1] before the first answer 500 ms stand for the round trip', () => {
  const probes = new ProbeTracker()
  expect(isGateOpen(probes, 0)).toBe(true)
  probes.sent(0)
  expect(isGateOpen(probes, 600)).toBe(true)
  expect(isGateOpen(probes, 601)).toBe(false)
})
