import { type Microseconds, type Milliseconds, toMicroseconds } from '../time/units.ts'

/** How far a device may drift from the session clock before the anchor moves. */
const MOST_DRIFT: Microseconds = 20_000

/** The timestamp of a frame, and whether the timeline jumped before it. */
export interface Stamp {
  readonly timestamp: Microseconds
  readonly discontinuity: boolean
}

/**
 * Stamps audio by whole samples from an anchor, so that frames stay exactly one frame apart; the anchor moves only
 * when the device's count and the session clock are more than 20 ms apart.
 */
export class SampleClock {
  readonly #sampleRate: number
  #anchor: Microseconds | undefined
  #samples = 0

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate
  }

  /** Stamps a frame of `count` samples whose first was taken at `now` on the session clock. */
  stamp(count: number, now: Milliseconds): Stamp {
    const measured = toMicroseconds(now)
    const counted = this.#anchor === undefined ? undefined : this.#anchor + this.#elapsed()
    const discontinuity = counted !== undefined && Math.abs(measured - counted) > MOST_DRIFT
    if (counted === undefined || discontinuity) {
      this.#anchor = measured
      this.#samples = 0
    }
    const timestamp = discontinuity || counted === undefined ? measured : counted
    this.#samples += count
    return { timestamp: timestamp as Microseconds, discontinuity }
  }

  #elapsed(): Microseconds {
    return Math.round((this.#samples * 1_000_000) / this.#sampleRate) as Microseconds
  }
}
