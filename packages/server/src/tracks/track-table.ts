import type { Clock, Milliseconds } from '@arclight/core'
import { LIMITS, type TrackSummary } from '@arclight/core/protocol'

/** Where a track's frames go: a room's listeners, a recorder. */
export interface MediaSink {
  /** Takes a frame that was checked; its bytes are valid only during the call. */
  take(track: Track, frame: Uint8Array): void
}

/** Who publishes: compared by identity, a connection's own object. */
export type Publisher = object

/** A published track: who sends it, and where it goes. */
export interface Track extends TrackSummary {
  readonly publisher: Publisher
  readonly sink: MediaSink
}

const FIRST_NUMBER = 1
const LAST_NUMBER = 65_535

/** The node's tracks by number: one array index tells whether a frame may pass. */
export class TrackTable {
  readonly #clock: Clock
  readonly #tracks: (Track | undefined)[] = new Array(LAST_NUMBER + 1).fill(undefined)
  /** Numbers that were given back, oldest first. */
  readonly #freed: { number: number; at: Milliseconds }[] = []
  #next = FIRST_NUMBER

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(number: number): Track | undefined {
    return this.#tracks[number]
  }

  /** Gives out a number; undefined where all are taken or were taken within the last minute. */
  add(track: Omit<Track, 'track'>): Track | undefined {
    const number = this.#take()
    if (number === undefined) return undefined
    const added = { ...track, track: number }
    this.#tracks[number] = added
    return added
  }

  remove(number: number): void {
    if (!this.#tracks[number]) return
    this.#tracks[number] = undefined
    this.#freed.push({ number, at: this.#clock.now() })
  }

  #take(): number | undefined {
    if (this.#next <= LAST_NUMBER) return this.#next++
    const oldest = this.#freed[0]
    if (!oldest || this.#clock.now() - oldest.at < LIMITS.trackQuarantineMs) return undefined
    this.#freed.shift()
    return oldest.number
  }
}
