import type { AudioSink } from '../../src/contracts/audio-sink.ts'

/** Loudspeakers that write down what they are given, in order. */
export class FakeSink implements AudioSink {
  readonly played: (readonly [sample: number, timestamp: number] | 'pause')[] = []
  readonly volumes: number[] = []
  closed = 0
  readonly #closing: () => Promise<void>

  /** `closing` is what `close()` waits for. */
  constructor(closing: () => Promise<void> = async () => {}) {
    this.#closing = closing
  }

  write(samples: Float32Array, timestamp: number): void {
    this.played.push([samples[0] ?? Number.NaN, timestamp])
  }

  pause(): void {
    this.played.push('pause')
  }

  setVolume(volume: number): void {
    this.volumes.push(volume)
  }

  close(): Promise<void> {
    this.closed++
    return this.#closing()
  }
}
