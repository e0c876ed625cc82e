import type { Milliseconds } from '../time/units.ts'

/** What a source delivers to. */
export interface AudioConsumer {
  /**
   * Mono samples in −1..1 at 48 kHz, any count; `at` is when the first was taken, on the clock the client was made
   * with. The array is valid only during the call.
   */
  samples(samples: Float32Array, at: Milliseconds): void
  /** No more will come: the file is over, the device is gone (`error` says why). */
  ended(error?: Error): void
}

/** Something that gives sound: a microphone, a file. Opened once, by whoever publishes it. */
export interface AudioSource {
  /** Starts delivering. Rejects with MediaError. */
  open(consumer: AudioConsumer): Promise<void>
  /** Stops delivering and releases the device or file; harmless when repeated. */
  close(): Promise<void>
}
