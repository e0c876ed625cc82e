import type { Clock } from '@arclight/core'
import { checkHeader, readTrack } from '@arclight/core/codec'
import { type AudioFormat, LIMITS, type VoiceMember } from '@arclight/core/protocol'
import type { Turn } from '../delivery/turn.ts'
import { Refusal } from '../refusal.ts'
import { Room } from './room.ts'
import { type Track, TrackTable } from './track-table.ts'
import type { VoicePlace } from './voice-place.ts'

/** What others see of a member that it decides itself. */
export interface VoiceState {
  readonly muted: boolean
  readonly deafened: boolean
}

/** Voice on this node: who is where, which tracks there are, and where a frame goes. */
export class Rooms {
  readonly #turn: Turn
  readonly #clock: Clock
  readonly #rooms = new Map<string, Room>()
  readonly #tracks: TrackTable
  #relayed = 0
  #foreign = 0

  constructor(turn: Turn, clock: Clock) {
    this.#turn = turn
    this.#clock = clock
    this.#tracks = new TrackTable(clock)
  }

  /** Frames taken for relaying, and frames dropped because their track was unknown or another's. */
  get stats(): { relayed: number; foreign: number; rooms: number } {
    return { relayed: this.#relayed, foreign: this.#foreign, rooms: this.#rooms.size }
  }

  /** Enters a channel, leaving the one before. Returns everybody there, the newcomer too. */
  join(place: VoicePlace, channel: string, state: VoiceState): VoiceMember[] {
    if (place.room && place.room.channel !== channel) this.leave(place)
    const room = this.#rooms.get(channel) ?? new Room(channel, this.#turn, this.#clock)
    this.#rooms.set(channel, room)
    room.members.set(place.id, place)
    place.room = room
    place.outgoing.setVoice(true)
    this.update(place, state)
    return [...room.members.values()].map((member) => member.summary())
  }

  update(place: VoicePlace, state: VoiceState): void {
    place.muted = state.muted
    place.deafened = state.deafened
    this.#tellChanged(place)
  }

  /** Ends the membership and all its tracks; harmless where there is none. */
  leave(place: VoicePlace): void {
    const { room } = place
    if (!room) return
    for (const track of place.tracks.values()) this.#tracks.remove(track.track)
    place.tracks.clear()
    room.members.delete(place.id)
    place.room = undefined
    place.outgoing.setVoice(false)
    const left = { type: 'voice.left', data: { channel: room.channel, member: place.id } }
    room.tell(`voice:${place.id}`, () => left)
    if (room.members.size === 0) this.#rooms.delete(room.channel)
  }

  /** Publishes a track, or publishes its key anew; listeners learn of it before its first frame. */
  publish(place: VoicePlace, declared: { key: string; format: AudioFormat }): Track {
    const { room } = place
    if (!room) throw new Refusal('forbidden', 'join the voice channel before publishing to it')
    const known = place.tracks.get(declared.key)
    if (known) this.unpublish(place, known.track)
    if (place.tracks.size >= LIMITS.tracks) {
      throw new Refusal('rate_limited', `at most ${LIMITS.tracks} tracks at a time`)
    }
    const track = this.#tracks.add((number) => ({ ...declared, track: number, publisher: place, room }))
    if (!track) throw new Refusal('unavailable', 'no track number is free', { retryAfterMs: LIMITS.trackQuarantineMs })
    place.tracks.set(track.key, track)
    const summary = { track: track.track, key: track.key, format: track.format }
    const data = { channel: room.channel, member: place.id, track: summary }
    room.tellBeforeMedia({ type: 'track.published', data }, place)
    return track
  }

  unpublish(place: VoicePlace, number: number): void {
    const track = this.#tracks.get(number)
    if (track?.publisher !== place) throw Refusal.notFound('track')
    this.#tracks.remove(number)
    place.tracks.delete(track.key)
    const data = { channel: track.room.channel, member: place.id, track: number }
    track.room.tellAfterMedia({ type: 'track.unpublished', data }, place)
  }

  /** Takes a media frame from a connection. Throws DecodeError where it is malformed. */
  relay(place: VoicePlace | undefined, frame: Uint8Array): void {
    checkHeader(frame)
    const track = this.#tracks.get(readTrack(frame))
    if (!track || track.publisher !== place) {
      this.#foreign++
      return
    }
    this.#relayed++
    track.room.relay(track, frame)
  }

  #tellChanged(place: VoicePlace): void {
    const { room } = place
    if (!room) return
    const message = (): object => ({ type: 'voice.changed', data: { channel: room.channel, member: place.summary() } })
    room.tell(`voice:${place.id}`, message, place)
  }
}
