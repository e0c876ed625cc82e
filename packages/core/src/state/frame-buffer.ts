import { LIMITS } from '../protocol/limits.ts'
import type { Milliseconds } from '../time/units.ts'

/** A numbered frame that the server may not have on disk yet. */
export interface BufferedFrame {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly keyFrame: boolean
  readonly at: Milliseconds
}

/** Frames that were let go before the server had them, both included. */
export interface Gap {
  readonly from: number
  readonly to: number
}

/** How much a buffer holds. */
export interface FrameBufferLimits {
  readonly duration: Milliseconds
  readonly bytes: number
}

const DEFAULT_LIMITS: FrameBufferLimits = { duration: LIMITS.keptFramesMs, bytes: LIMITS.keptFramesBytes }

/**
 * One track's frames past `stored`, kept so that neither a dropped connection nor a crash of the server loses any.
 * Past its limits it drops up to the next key frame, since what lies between cannot be decoded, and lists the gap.
 */
export class FrameBuffer {
  readonly #limits: FrameBufferLimits
  #frames: BufferedFrame[] = []
  #bytes = 0
  #stored = -1
  readonly #gaps: Gap[] = []

  constructor(limits: FrameBufferLimits = DEFAULT_LIMITS) {
    this.#limits = limits
  }

  get size(): number {
    return this.#frames.length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The highest seq that is on the server's disk, with everything before it. */
  get stored(): number {
    return this.#stored
  }

  /** What was lost to the limits, oldest first. */
  get gaps(): readonly Gap[] {
    return this.#gaps
  }

  /** Returns what was let go of for it. */
  push(frame: BufferedFrame): readonly BufferedFrame[] {
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
    return this.#trim(frame.at)
  }

  /** The server has everything up to `stored` on disk. */
  ack(stored: number): void {
    if (stored <= this.#stored) return
    this.#stored = stored
    let count = 0
    while (count < this.#frames.length && (this.#frames[count] as BufferedFrame).seq <= stored) count++
    this.#drop(count)
  }

  /** The frames from `seq` on, oldest first. */
  from(seq: number): BufferedFrame[] {
    return this.#frames.filter((frame) => frame.seq >= seq)
  }

  #trim(now: Milliseconds): readonly BufferedFrame[] {
    const oldest = this.#frames[0]
    if (!oldest) return []
    if (now - oldest.at <= this.#limits.duration && this.#bytes <= this.#limits.bytes) return []
    const next = this.#frames.findIndex((frame, index) => index > 0 && frame.keyFrame)
    const count = next < 0 ? this.#frames.length : next
    const gap = this.#gaps.at(-1)
    const to = oldest.seq + count - 1
    // Sound is let go of frame by frame: one gap, not fifty a second.
    if (gap?.to === oldest.seq - 1) this.#gaps[this.#gaps.length - 1] = { from: gap.from, to }
    else this.#gaps.push({ from: oldest.seq, to })
    return this.#drop(count)
  }

  #drop(count: number): readonly BufferedFrame[] {
    const dropped = this.#frames.splice(0, count)
    for (const { bytes } of dropped) this.#bytes -= bytes.length
    return dropped
  }
}
