import type { Milliseconds } from '@arclight/core'
import type { Rate } from '@arclight/core/protocol'

/** Sums of fractions of a millisecond are a little off; this much is forgiven. */
const ROUNDING_MS = 1e-6

/**
 * `burst` at once, then `perSecond`. The generic cell rate algorithm (ITU-T I.371): one number, the time at which
 * everything taken will have come back, is the whole state.
 */
export class TokenBucket {
  readonly #perToken: Milliseconds
  readonly #slack: Milliseconds
  #fullAt: Milliseconds = Number.NEGATIVE_INFINITY

  /** Throws RangeError for a rate that would never let anything pass. */
  constructor({ burst, perSecond }: Rate) {
    if (!(burst >= 1 && perSecond > 0)) {
      throw new RangeError(`expected a burst of at least 1 and more than 0 per second, got ${burst} and ${perSecond}`)
    }
    this.#perToken = 1_000 / perSecond
    this.#slack = burst * this.#perToken
  }

  /** Takes `count` and returns 0; or takes nothing and returns the whole milliseconds after which they can be had. */
  take(now: Milliseconds, count = 1): Milliseconds {
    const fullAt = Math.max(now, this.#fullAt) + count * this.#perToken
    const wait = fullAt - now - this.#slack
    if (wait > ROUNDING_MS) return Math.ceil(wait - ROUNDING_MS)
    this.#fullAt = fullAt
    return 0
  }

  /** Whether everything has come back: a bucket as good as new. */
  isFull(now: Milliseconds): boolean {
    return now >= this.#fullAt
  }
}
