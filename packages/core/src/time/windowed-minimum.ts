import type { Milliseconds } from './units.ts'

/** The least of the values of the last one to two windows, in constant memory. */
export class WindowedMinimum {
  readonly #window: Milliseconds
  #current = Number.POSITIVE_INFINITY
  #next = Number.POSITIVE_INFINITY
  #ends: Milliseconds = Number.NEGATIVE_INFINITY

  constructor(window: Milliseconds) {
    this.#window = window
  }

  /** Infinite before the first value. */
  get value(): number {
    return this.#current
  }

  push(value: number, now: Milliseconds): number {
    if (now >= this.#ends) {
      this.#current = this.#next
      this.#next = Number.POSITIVE_INFINITY
      this.#ends = now + this.#window
    }
    this.#current = Math.min(this.#current, value)
    this.#next = Math.min(this.#next, value)
    return this.#current
  }
}
