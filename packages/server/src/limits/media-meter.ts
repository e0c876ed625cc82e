import type { Milliseconds } from '@arclight/core'
import type { Rate } from '@arclight/core/protocol'
import { TokenBucket } from './token-bucket.ts'

/** The media of one track, or of one connection, by number and by size. */
export class MediaMeter {
  readonly #frames: TokenBucket
  readonly #bytes: TokenBucket

  constructor(rates: { readonly frames: Rate; readonly bytes: Rate }) {
    this.#frames = new TokenBucket(rates.frames)
    this.#bytes = new TokenBucket(rates.bytes)
  }

  /** Whether a frame of so many bytes passes; one that does not is to be dropped. */
  passes(bytes: number, now: Milliseconds): boolean {
    return this.#frames.take(now) === 0 && this.#bytes.take(now, bytes) === 0
  }
}
