import type { AudioConsumer, AudioSource } from '../../src/contracts/audio-source.ts'

/** Samples of one frame: 20 ms. */
export const FRAME_SAMPLES = 960

/** A microphone or file that gives what the test says. */
export class FakeSource implements AudioSource {
  opened = 0
  closed = 0
  readonly #opening: (consumer: AudioConsumer) => void
  #consumer: AudioConsumer | undefined

  /** `opening` is called while the source opens: a device may deliver at once, or refuse. */
  constructor(opening: (consumer: AudioConsumer) => void = () => {}) {
    this.#opening = opening
  }

  async open(consumer: AudioConsumer): Promise<void> {
    this.opened++
    this.#consumer = consumer
    this.#opening(consumer)
  }

  async close(): Promise<void> {
    this.closed++
    this.#consumer = undefined
  }

  /** Delivers one frame, every sample `value`, first taken at `at`. */
  frame(value: number, at: number): void {
    this.samples(FRAME_SAMPLES, value, at)
  }

  /** Delivers `count` samples of `value`, the first taken at `at`. */
  samples(count: number, value: number, at: number): void {
    this.#consumer?.samples(new Float32Array(count).fill(value), at)
  }

  end(error?: Error): void {
    this.#consumer?.ended(error)
  }
}
