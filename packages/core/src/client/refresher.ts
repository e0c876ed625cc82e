import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'

/** Timers take no more than 24 days, and a machine that slept should notice soon. */
const LOOK_MS: Milliseconds = 3_600_000

/** Refreshes a session when it is time to, by the server's wall clock. */
export class Refresher {
  readonly #parts: { clock: Clock; wall: () => Milliseconds; refresh: () => void }
  #cancel: Cancel = () => {}

  constructor(parts: { clock: Clock; wall: () => Milliseconds; refresh: () => void }) {
    this.#parts = parts
  }

  /** Calls `refresh` once, at `refreshAt` or right away where that is over. */
  start(refreshAt: Milliseconds): void {
    this.stop()
    const { clock, wall, refresh } = this.#parts
    const wait = refreshAt - wall()
    this.#cancel = clock.after(Math.min(Math.max(wait, 0), LOOK_MS), () => {
      if (wall() >= refreshAt) refresh()
      else this.start(refreshAt)
    })
  }

  stop(): void {
    this.#cancel()
  }
}
