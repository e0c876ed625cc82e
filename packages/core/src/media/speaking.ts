import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'

/** When a member counts as speaking. Levels are −dBov: smaller is louder. */
export interface SpeakingOptions {
  /** At this level or louder speaking starts. */
  readonly start: number
  /** Above this many −dBov it may stop. */
  readonly stop: number
  /** How long after the last frame that was loud enough speaking lasts. */
  readonly hold: Milliseconds
}

const DEFAULTS: SpeakingOptions = { start: 45, stop: 55, hold: 200 }

/** Tells from the level byte of each frame who speaks: on with the first loud frame, off after a hold. */
export class SpeakingDetector {
  readonly #clock: Clock
  readonly #options: SpeakingOptions
  readonly #changed: (speaking: boolean) => void
  #cancelHold: Cancel | undefined

  constructor(clock: Clock, changed: (speaking: boolean) => void, options: Partial<SpeakingOptions> = {}) {
    this.#clock = clock
    this.#changed = changed
    this.#options = { ...DEFAULTS, ...options }
  }

  get speaking(): boolean {
    return this.#cancelHold !== undefined
  }

  /** Takes a frame's level; `ends` for the last frame of a talk spurt. */
  push(level: number, ends = false): void {
    if (ends) return this.stop()
    const loud = level <= (this.speaking ? this.#options.stop : this.#options.start)
    if (!loud) return
    const started = !this.speaking
    this.#cancelHold?.()
    this.#cancelHold = this.#clock.after(this.#options.hold, () => this.stop())
    if (started) this.#changed(true)
  }

  stop(): void {
    if (!this.#cancelHold) return
    this.#cancelHold()
    this.#cancelHold = undefined
    this.#changed(false)
  }
}
