import type { Milliseconds } from './units.ts'

/** Undoes what the call that returned it did; calling it twice does nothing more. */
export type Cancel = () => void

/** Time as core sees it. Passed in, so that a test moves it by hand. */
export interface Clock {
  /** Monotonic; the origin is arbitrary. */
  now(): Milliseconds
  /** Since 1970-01-01T00:00Z; may jump. */
  wall(): Milliseconds
  /** Runs `run` once, `delay` from now. */
  after(delay: Milliseconds, run: () => void): Cancel
}
