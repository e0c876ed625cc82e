import type { Microseconds } from '../time/units.ts'

/** Something that takes one speaker's sound: loudspeakers, a file. */
export interface AudioSink {
  /** Mono samples at 48 kHz; `timestamp` is the publisher's. The array is valid only during the call. */
  write(samples: Float32Array, timestamp: Microseconds): void
  /** The talk spurt is over; a new one may follow. */
  pause(): void
  /** How loud it plays: 1 as sent. A sink that is not heard has none. */
  setVolume?(volume: number): void
  /** No more will come. Resolves when everything written is safe or heard. */
  close(): Promise<void>
}
