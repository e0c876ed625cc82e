import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'

interface Timer {
  readonly at: Milliseconds
  readonly run: () => void
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now: Milliseconds = 0
  #wallOrigin: Milliseconds
  readonly #timers = new Set<Timer>()

  /** `wallOrigin` is the wall time at now = 0. */
  constructor(wallOrigin: Milliseconds = 1_700_000_000_000) {
    this.#wallOrigin = wallOrigin
  }

  now(): Milliseconds {
    return this.#now
  }

  wall(): Milliseconds {
    return this.#wallOrigin + this.#now
  }

  after(delay: Milliseconds, run: () => void): Cancel {
    const timer = { at: this.#now + Math.max(0, delay), run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size
  }

  /** Moves on by `duration`, running what falls due, in order, at its own time. */
  advance(duration: Milliseconds): void {
    const end = this.#now + duration
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }

  /** The machine sleeps: time passes, and what fell due meanwhile runs late, at its end. */
  sleep(duration: Milliseconds): void {
    this.#now += duration
    this.advance(0)
  }

  /** Somebody sets the wall clock; `now` and the timers do not care. */
  setWall(by: Milliseconds): void {
    this.#wallOrigin += by
  }

  #due(end: Milliseconds): Timer | undefined {
    let earliest: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= end && (!earliest || timer.at < earliest.at)) earliest = timer
    }
    return earliest
  }
}
