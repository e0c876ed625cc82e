import type { Milliseconds } from '../time/units.ts'

/** How long to wait before a reconnect. */
export interface BackoffOptions {
  /** Ceiling of the first wait. */
  readonly first: Milliseconds
  /** Ceiling of any wait. */
  readonly most: Milliseconds
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/**
 * Full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), the first wait included, so that the clients
 * of a restarted server do not come back in one instant. The lower tenth is kept out: a wait is never nothing.
 */
export function backoff(attempt: number, { first, most, random }: BackoffOptions): Milliseconds {
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 30))
  return Math.round(ceiling * (0.1 + 0.9 * random())) as Milliseconds
}
