import type { Clock } from './clock.ts'

/** What Node and browsers call their time: pass `globalThis`. */
export interface PlatformTime<Timer> {
  readonly performance: { now(): number }
  readonly Date: { now(): number }
  setTimeout(run: () => void, delay: number): Timer
  clearTimeout(timer: Timer): void
}

/** The platform's own clock; core itself may not reach for it. */
export function clockFrom<Timer>(platform: PlatformTime<Timer>): Clock {
  return {
    now: () => platform.performance.now(),
    wall: () => platform.Date.now(),
    after: (delay, run) => {
      const timer = platform.setTimeout(run, delay)
      return () => platform.clearTimeout(timer)
    },
  }
}
