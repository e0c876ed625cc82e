/** Cuts a stream of samples into frames of one size. The frame handed out is reused: take what you need at once. */
export class Framer {
  readonly #frame: Float32Array
  #filled = 0

  constructor(samplesPerFrame: number) {
    this.#frame = new Float32Array(samplesPerFrame)
  }

  /** Samples that wait for the rest of their frame. */
  get pending(): number {
    return this.#filled
  }

  push(samples: Float32Array, take: (frame: Float32Array) => void): void {
    for (let from = 0; from < samples.length; ) {
      const count = Math.min(this.#frame.length - this.#filled, samples.length - from)
      this.#frame.set(samples.subarray(from, from + count), this.#filled)
      this.#filled += count
      from += count
      if (this.#filled === this.#frame.length) {
        this.#filled = 0
        take(this.#frame)
      }
    }
  }

  /** Hands out what is left, filled up with silence. */
  flush(take: (frame: Float32Array) => void): void {
    if (this.#filled === 0) return
    this.#frame.fill(0, this.#filled)
    this.#filled = 0
    take(this.#frame)
  }
}
