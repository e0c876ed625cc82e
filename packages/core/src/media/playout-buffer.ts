/** Sizes in samples. */
export interface PlayoutOptions {
  /** Gathered before playing starts, and again after it ran dry: the smoothing against late frames. */
  readonly target: number
  /** What may wait; beyond it the oldest is dropped down to `target`, so delay never grows without end. */
  readonly most: number
}

/** Samples over which playing fades in and out, against clicks: 2.5 ms at 48 kHz. */
const FADE = 120

/**
 * Samples of one speaker between arrival and output: gathers `target`, then plays; silence when dry. Runs inside
 * the audio thread, so it allocates nothing after construction.
 */
export class PlayoutBuffer {
  readonly #options: PlayoutOptions
  readonly #ring: Float32Array
  #read = 0
  #length = 0
  #playing = false
  #fade = 0
  #last = 0
  #ended = false
  #dropped = 0
  #underruns = 0

  constructor(options: PlayoutOptions) {
    this.#options = options
    this.#ring = new Float32Array(options.most * 2)
  }

  /** What has happened so far, in samples and in times run dry. */
  get stats(): { waiting: number; dropped: number; underruns: number } {
    return { waiting: this.#length, dropped: this.#dropped, underruns: this.#underruns }
  }

  push(samples: Float32Array): void {
    this.#ended = false
    for (const sample of samples) {
      this.#ring[(this.#read + this.#length) % this.#ring.length] = sample
      if (this.#length < this.#ring.length) this.#length++
      else {
        this.#read = (this.#read + 1) % this.#ring.length
        this.#dropped++
      }
    }
    if (this.#length > this.#options.most) this.#drop(this.#length - this.#options.target)
  }

  /** The talk spurt is over: what is left plays without waiting for `target`, and running dry is no underrun. */
  end(): void {
    this.#ended = true
  }

  /** Fills `output`; returns whether it holds anything but silence. */
  pull(output: Float32Array): boolean {
    if (!this.#playing) {
      const ready = this.#length >= this.#options.target || (this.#ended && this.#length > 0)
      if (!ready) {
        const fading = this.#last !== 0
        this.#silence(output, 0)
        return fading
      }
      this.#playing = true
      this.#fade = 0
    }
    const count = Math.min(output.length, this.#length)
    for (let index = 0; index < count; index++) {
      const gain = this.#fade < FADE ? this.#fade++ / FADE : 1
      this.#last = (this.#ring[this.#read] as number) * gain
      output[index] = this.#last
      this.#read = (this.#read + 1) % this.#ring.length
    }
    this.#length -= count
    if (count < output.length) {
      this.#playing = false
      if (!this.#ended) this.#underruns++
      this.#silence(output, count)
    }
    return true
  }

  /** Silence from `from`, reached by a fade from the last sample played. */
  #silence(output: Float32Array, from: number): void {
    for (let index = from; index < output.length; index++) {
      this.#last *= 1 - 1 / (FADE / 4)
      if (Math.abs(this.#last) < 1e-5) this.#last = 0
      output[index] = this.#last
    }
  }

  #drop(count: number): void {
    this.#read = (this.#read + count) % this.#ring.length
    this.#length -= count
    this.#dropped += count
    this.#fade = 0
  }
}
