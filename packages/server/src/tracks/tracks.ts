import type { Clock } from '@arclight/core'
import { checkHeader, readTrack } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import type { MediaMeter } from '../limits/media-meter.ts'
import { Refusal } from '../refusal.ts'
import { type Publisher, type Track, TrackTable } from './track-table.ts'

/** The node's tracks: gives out numbers, and takes each frame to where its track goes. */
export class Tracks {
  readonly #table: TrackTable
  readonly #counts = new Map<Publisher, number>()
  readonly #clock: Clock
  readonly #createMeter: () => MediaMeter | undefined
  /** By the track's number. */
  readonly #meters: (MediaMeter | undefined)[] = []
  #relayed = 0
  #foreign = 0
  #excess = 0

  /** `createMeter` says how much each track may send. */
  constructor(clock: Clock, createMeter: () => MediaMeter | undefined = () => undefined) {
    this.#clock = clock
    this.#createMeter = createMeter
    this.#table = new TrackTable(clock)
  }

  /** Frames that reached their sink; dropped ones: of an unknown or another's track, and past the rate. */
  get stats(): { relayed: number; foreign: number; excess: number } {
    return { relayed: this.#relayed, foreign: this.#foreign, excess: this.#excess }
  }

  add(track: Omit<Track, 'track'>): Track {
    const count = this.#counts.get(track.publisher) ?? 0
    if (count >= LIMITS.tracks) throw new Refusal('rate_limited', `at most ${LIMITS.tracks} tracks at a time`)
    const added = this.#table.add(track)
    if (!added) throw new Refusal('unavailable', 'no track number is free', { retryAfterMs: LIMITS.trackQuarantineMs })
    this.#counts.set(track.publisher, count + 1)
    this.#meters[added.track] = this.#createMeter()
    return added
  }

  /** The publisher's own track of that number. Throws `not_found`. */
  own(publisher: Publisher, number: number): Track {
    const track = this.#table.get(number)
    if (track?.publisher !== publisher) throw Refusal.notFound('track')
    return track
  }

  remove(track: Track): void {
    if (this.#table.get(track.track) !== track) return
    this.#table.remove(track.track)
    this.#meters[track.track] = undefined
    const left = (this.#counts.get(track.publisher) ?? 1) - 1
    if (left > 0) this.#counts.set(track.publisher, left)
    else this.#counts.delete(track.publisher)
  }

  /** A frame was dropped because there were too many. */
  countExcess(): void {
    this.#excess++
  }

  /** Takes a media frame from a connection. Throws DecodeError where it is malformed. */
  relay(publisher: Publisher | undefined, frame: Uint8Array): void {
    checkHeader(frame)
    const track = this.#table.get(readTrack(frame))
    if (!track || track.publisher !== publisher) {
      this.#foreign++
      return
    }
    if (this.#meters[track.track]?.passes(frame.length, this.#clock.now()) === false) return this.countExcess()
    this.#relayed++
    track.sink.take(track, frame)
  }
}
