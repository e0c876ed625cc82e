import type { Clock } from '@arclight/core'
import type { AudioFormat, VoiceMember } from '@arclight/core/protocol'
import type { Turn } from '../delivery/turn.ts'
import { Refusal } from '../refusal.ts'
import type { Track } from '../tracks/track-table.ts'
import type { Tracks } from '../tracks/tracks.ts'
import { Room } from './room.ts'
import type { VoicePlace } from './voice-place.ts'

/** What others see of a member that it decides itself. */
export interface VoiceState {
  readonly muted: boolean
  readonly deafened: boolean
}

/** Voice on this node: who is where, and what they send. */
export class Rooms {
  readonly #turn: Turn
  readonly #clock: Clock
  readonly #rooms = new Map<string, Room>()
  readonly #tracks: Tracks

  constructor(turn: Turn, clock: Clock, tracks: Tracks) {
    this.#turn = turn
    this.#clock = clock
    this.#tracks = tracks
  }

  /** Voice channels that somebody is in. */
  get size(): number {
    return this.#rooms.size
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
    room.end(place.tracks.values())
    for (const track of place.tracks.values()) this.#tracks.remove(track)
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
    if (known) this.unpublish(place, known)
    const track = this.#tracks.add({ ...declared, publisher: place, sink: room })
    place.tracks.set(track.key, track)
    const summary = { track: track.track, key: track.key, format: track.format }
    const data = { channel: room.channel, member: place.id, track: summary }
    room.tellBeforeMedia({ type: 'track.published', data }, place)
    return track
  }

  /** Ends one of the place's tracks. */
  unpublish(place: VoicePlace, track: Track): void {
    this.#tracks.remove(track)
    place.tracks.delete(track.key)
    const { room } = place
    if (!room) return
    room.end([track])
    const data = { channel: room.channel, member: place.id, track: track.track }
    room.tellAfterMedia({ type: 'track.unpublished', data }, place)
  }

  #tellChanged(place: VoicePlace): void {
    const { room } = place
    if (!room) return
    const message = (): object => ({ type: 'voice.changed', data: { channel: room.channel, member: place.summary() } })
    room.tell(`voice:${place.id}`, message, place)
  }
}
