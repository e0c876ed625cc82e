import type { Clock } from '@arclight/core'
import type { Turn, TurnMember } from '../delivery/turn.ts'
import type { Track } from '../tracks/track-table.ts'
import { FrameSlab } from './frame-slab.ts'
import type { VoicePlace } from './voice-place.ts'

interface TurnFrame {
  readonly bytes: Buffer
  readonly track: Track
}

/** A voice channel in use: its members, and the frames of the current turn. */
export class Room implements TurnMember {
  readonly channel: string
  readonly members = new Map<string, VoicePlace>()
  readonly #turn: Turn
  readonly #clock: Clock
  readonly #slab = new FrameSlab()
  #frames: TurnFrame[] = []

  constructor(channel: string, turn: Turn, clock: Clock) {
    this.channel = channel
    this.#turn = turn
    this.#clock = clock
  }

  /** Copies the frame, the only time it is copied. */
  take(track: Track, frame: Uint8Array): void {
    if (this.#frames.length === 0) this.#turn.addRoom(this)
    this.#frames.push({ bytes: this.#slab.append(frame), track })
  }

  /** Tracks are over: nothing of them leaves after what the members are told next. */
  end(tracks: Iterable<Track>): void {
    this.flushTurn()
    for (const { track } of tracks) for (const { outgoing } of this.members.values()) outgoing?.endTrack(track)
  }

  flushTurn(): void {
    const frames = this.#frames
    if (frames.length === 0) return
    this.#frames = []
    const all = this.#slab.takeAll()
    const publishers = new Set<object>(frames.map(({ track }) => track.publisher))
    const now = this.#clock.now()
    for (const { connection, isDeaf } of this.members.values()) {
      if (!connection || isDeaf) continue
      const { outgoing } = connection
      if (!publishers.has(connection) && outgoing.takesJoinedMedia(now)) outgoing.joinedMedia(all)
      else for (const frame of frames) if (frame.track.publisher !== connection) outgoing.media(own(frame))
    }
  }

  /** The place that this user's device has here, whoever sits in it. */
  find(user: string, device: string): VoicePlace | undefined {
    for (const place of this.members.values()) if (place.user.id === user && place.device === device) return place
    return undefined
  }

  /** What every member but `except` should know: the newest word on `key`. */
  tell(key: string, message: () => object, except?: VoicePlace): void {
    for (const member of this.members.values()) if (member !== except) member.outgoing?.state(key, message)
  }

  /** What comes before the frames that follow: a track was published, a member with tracks has come. */
  tellBeforeMedia(message: object, except: VoicePlace): void {
    for (const member of this.members.values()) if (member !== except) member.outgoing?.control(message)
  }

  /** What comes after the frames of this turn: a track is over. */
  tellAfterMedia(message: object, except: VoicePlace): void {
    this.flushTurn()
    for (const member of this.members.values()) if (member !== except) member.outgoing?.afterMedia(message)
  }
}

function own({ bytes, track }: TurnFrame): { bytes: Buffer; track: number } {
  return { bytes, track: track.track }
}
