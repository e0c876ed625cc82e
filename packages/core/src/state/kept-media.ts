import { LIMITS } from '../protocol/limits.ts'
import type { Milliseconds } from '../time/units.ts'

/** A frame with what its queue must know of it. */
interface Kept<Frame> {
  readonly frame: Frame
  readonly track: number
  readonly at: Milliseconds
}

/** A frame that may leave; `discontinuity` where frames of its track were dropped before it. */
export interface Released<Frame> {
  readonly frame: Frame
  readonly discontinuity: boolean
}

/**
 * What happens to media at a shut gate: the newest 100 ms are kept, the rest is dropped and counted, and the first
 * frame of each track that lost some says so.
 */
export class KeptMedia<Frame> {
  #kept: Kept<Frame>[] = []
  readonly #broken = new Set<number>()
  #dropped = 0

  /** Frames dropped so far. */
  get dropped(): number {
    return this.#dropped
  }

  get size(): number {
    return this.#kept.length
  }

  /** Whether some track has lost frames that no frame has told of yet. */
  get broken(): boolean {
    return this.#broken.size > 0
  }

  /** The gate is shut: keeps the frame for a while. */
  keep(frame: Frame, track: number, now: Milliseconds): void {
    this.#kept.push({ frame, track, at: now })
    this.#expire(now)
  }

  /** The gate is open: what was kept and is still fresh. */
  release(now: Milliseconds): Released<Frame>[] {
    if (this.#kept.length === 0) return []
    this.#expire(now)
    const kept = this.#kept
    this.#kept = []
    return kept.map(({ frame, track }) => this.pass(frame, track))
  }

  /** The gate is open and nothing is kept: the frame itself. */
  pass(frame: Frame, track: number): Released<Frame> {
    return { frame, discontinuity: this.#broken.delete(track) }
  }

  /** Drops what is kept of a track. */
  forget(track: number): void {
    const left = this.#kept.filter((kept) => kept.track !== track)
    if (left.length === this.#kept.length) return
    this.#dropped += this.#kept.length - left.length
    this.#broken.add(track)
    this.#kept = left
  }

  /** The track is over: nothing of it leaves any more, and nobody is left to tell of what it lost. */
  end(track: number): void {
    this.forget(track)
    this.#broken.delete(track)
  }

  #expire(now: Milliseconds): void {
    let expired = 0
    for (const { at, track } of this.#kept) {
      if (now - at <= LIMITS.gateKeepMs) break
      this.#broken.add(track)
      expired++
    }
    if (expired === 0) return
    this.#dropped += expired
    this.#kept.splice(0, expired)
  }
}
