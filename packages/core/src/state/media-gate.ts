import { LIMITS } from '../protocol/limits.ts'
import type { Milliseconds } from '../time/units.ts'
import type { ProbeTracker } from './probe-tracker.ts'

/** Before the first answer nothing is known of the path; this much is let pass. */
const UNKNOWN_ROUND_TRIP: Milliseconds = 500

/**
 * Whether media may leave: not while the oldest unanswered probe is older than the minimum round trip and the
 * slack. Over TCP nothing else shows a queue: the kernel takes megabytes before a write says no.
 */
export function isGateOpen(probes: ProbeTracker, now: Milliseconds): boolean {
  return probes.waiting(now) <= (probes.minimumRoundTrip ?? UNKNOWN_ROUND_TRIP) + LIMITS.gateSlackMs
}
