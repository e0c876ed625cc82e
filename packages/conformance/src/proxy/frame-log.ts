import type { Milliseconds } from '@arclight/core'
import type { Direction, FrameKind } from './rule.ts'

/** A frame that came to the proxy, and what was done to it. */
export interface LoggedFrame {
  /** Milliseconds since the proxy started. */
  readonly at: Milliseconds
  /** Which connection, counted from 1. */
  readonly connection: number
  readonly direction: Direction
  readonly kind: FrameKind
  readonly type?: string | undefined
  readonly reply?: true | undefined
  readonly channel?: string | undefined
  /** Bytes, as they came. */
  readonly size: number
  /** The actions that struck it, in order; empty where it passed as it was. */
  readonly done: readonly string[]
}

/** Past it the oldest are forgotten: a call's probes must not fill the memory of a proxy that runs for days. */
const MOST_FRAMES = 100_000

/** What came through, oldest first. */
export class FrameLog {
  readonly #frames: LoggedFrame[] = []
  readonly #told: (frame: LoggedFrame) => void

  constructor(told: (frame: LoggedFrame) => void) {
    this.#told = told
  }

  get frames(): readonly LoggedFrame[] {
    return this.#frames
  }

  add(frame: LoggedFrame): void {
    if (this.#frames.length >= MOST_FRAMES) this.#frames.splice(0, MOST_FRAMES / 10)
    this.#frames.push(frame)
    this.#told(frame)
  }
}

/** A line of NDJSON. */
export function lineOf(frame: LoggedFrame): string {
  return `${JSON.stringify({ ...frame, at: Math.round(frame.at * 10) / 10 })}\n`
}
