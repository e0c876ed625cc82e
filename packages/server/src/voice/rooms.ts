import type { Clock, Milliseconds, UserSummary } from '@arclight/core'
import { type AudioFormat, LIMITS, type VoiceMember } from '@arclight/core/protocol'
import type { Turn } from '../delivery/turn.ts'
import { Refusal } from '../refusal.ts'
import type { Track } from '../tracks/track-table.ts'
import type { Tracks } from '../tracks/tracks.ts'
import { Room } from './room.ts'
import type { Silence, Silences } from './silences.ts'
import type { VoiceConnection } from './voice-connection.ts'
import { VoicePlace } from './voice-place.ts'

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
  readonly #away = new Set<VoicePlace>()
  /** Those that were sent to where they are. */
  readonly #sent = new Set<VoicePlace>()
  readonly #silences: Pick<Silences, 'of'>
  /** Member ids are a node's own: a restarted one must not give out those that clients still hold. */
  readonly #origin: number
  #places = 0

  constructor(turn: Turn, clock: Clock, tracks: Tracks, silences: Pick<Silences, 'of'>) {
    this.#turn = turn
    this.#clock = clock
    this.#tracks = tracks
    this.#silences = silences
    this.#origin = clock.wall()
  }

  /** Voice channels that somebody is in. */
  get size(): number {
    return this.#rooms.size
  }

  /**
   * Enters a channel, leaving the one before. The place that this user's device has there already is taken over, from
   * another connection too. Returns the place.
   */
  join(connection: VoiceConnection, channel: string, state: VoiceState & { readonly device: string }): VoicePlace {
    const held = connection.place
    if (held && (held.room.channel !== channel || held.device !== state.device)) this.leave(held)
    const room = this.#room(channel)
    const place = room.find(connection.user.id, state.device) ?? this.#seat(room, connection, state.device)
    this.#take(place, connection)
    this.update(place, state)
    return place
  }

  /** Everybody in the place's channel. */
  members(place: VoicePlace): VoiceMember[] {
    return [...place.room.members.values()].map((member) => member.summary())
  }

  update(place: VoicePlace, state: VoiceState): void {
    place.muted = state.muted
    place.deafened = state.deafened
    this.#tellChanged(place)
  }

  /** Ends the membership and all its tracks. */
  leave(place: VoicePlace): void {
    const { connection, room } = place
    room.end(place.tracks.values())
    for (const track of place.tracks.values()) this.#tracks.remove(track)
    place.tracks.clear()
    this.#away.delete(place)
    this.#sent.delete(place)
    if (connection) vacate(connection)
    this.#unseat(place)
  }

  /** The user's places in the channel are from here on as they were silenced. They are told so themselves, too. */
  silence(channel: string, user: string, silence: Silence): void {
    const room = this.#rooms.get(channel)
    room?.flushTurn()
    for (const place of room?.members.values() ?? []) {
      if (place.user.id !== user) continue
      place.silence = silence
      this.#tellChanged(place, 'all')
    }
  }

  /** A user is another than before: those who are with them in voice are told where their name is another. */
  renew({ id, name }: UserSummary): void {
    for (const room of this.#rooms.values()) {
      for (const place of room.members.values()) {
        if (place.user.id !== id || place.user.name === name) continue
        place.user = { id, name }
        if (place.connection) place.connection.user = place.user
        this.#tellChanged(place, 'all')
      }
    }
  }

  /** The place of that id in the channel. */
  find(channel: string, member: string): VoicePlace | undefined {
    return this.#rooms.get(channel)?.members.get(member)
  }

  /**
   * Takes the place to another channel, with its tracks: those there learn of it before its next frame. A place of the
   * same device that is there is taken over.
   */
  send(place: VoicePlace, channel: string): void {
    const { connection, room: from } = place
    const room = this.#room(channel)
    const before = room.find(place.user.id, place.device)
    if (before) this.#evict(before)
    from.end(place.tracks.values())
    this.#unseat(place)
    this.#rooms.set(channel, room)
    room.members.set(place.id, place)
    place.room = room
    place.silence = this.#silences.of(channel, place.user.id)
    place.sentFrom = from.channel
    this.#sent.add(place)
    const came = { type: 'voice.changed', data: { channel, member: place.summary() } }
    room.tellBeforeMedia(came, place)
    const data = { from: from.channel, to: channel, member: place.id, members: this.members(place) }
    connection?.outgoing.control({ type: 'voice.sent', data })
  }

  /** Where the device is that was sent away from the channel and may not have heard of it; else the channel itself. */
  whereabouts(user: string, device: string, channel: string): string {
    for (const place of this.#sent) {
      if (place.sentFrom === channel && place.user.id === user && place.device === device) return place.room.channel
    }
    return channel
  }

  /** Everybody who is in voice, and where; those who may come back too. */
  *people(): Iterable<{ readonly channel: string; readonly user: string }> {
    for (const { channel, members } of this.#rooms.values()) {
      for (const { user } of members.values()) yield { channel, user: user.id }
    }
  }

  /** Nobody is in the channel any more; with a `user`, that one is not, on any device. */
  leaveChannel(channel: string, user?: string): void {
    const members = this.#rooms.get(channel)?.members.values() ?? []
    for (const place of [...members]) if (user === undefined || place.user.id === user) this.leave(place)
  }

  /** The connection is gone, but whoever had it may come back: the place is kept, and silent. */
  keep(place: VoicePlace): void {
    for (const track of [...place.tracks.values()]) this.unpublish(place, track)
    if (place.connection) vacate(place.connection)
    place.presence = { name: 'away', until: this.#clock.now() + LIMITS.voiceAbsenceMs }
    this.#away.add(place)
    this.#tellChanged(place)
  }

  /** Places that nobody came back to are given up. */
  tick(now: Milliseconds): void {
    for (const place of this.#away) {
      if (place.presence.name === 'away' && now >= place.presence.until) this.leave(place)
    }
  }

  /** Publishes a track, or publishes its key anew; listeners learn of it before its first frame. */
  publish(place: VoicePlace, declared: { key: string; format: AudioFormat }): Track {
    const { connection, room } = place
    if (!connection) throw new Refusal('forbidden', 'join the voice channel before publishing to it')
    const known = place.tracks.get(declared.key)
    if (known) this.unpublish(place, known)
    const track = this.#tracks.add({ ...declared, publisher: connection, sink: place })
    place.tracks.set(track.key, track)
    const summary = { track: track.track, key: track.key, format: track.format }
    const data = { channel: room.channel, member: place.id, track: summary }
    room.tellBeforeMedia({ type: 'track.published', data }, place)
    return track
  }

  /** Ends one of the place's tracks. */
  unpublish(place: VoicePlace, track: Track): void {
    const { room } = place
    this.#tracks.remove(track)
    place.tracks.delete(track.key)
    room.end([track])
    const data = { channel: room.channel, member: place.id, track: track.track }
    room.tellAfterMedia({ type: 'track.unpublished', data }, place)
  }

  #room(channel: string): Room {
    const room = this.#rooms.get(channel) ?? new Room(channel, this.#turn, this.#clock)
    this.#rooms.set(channel, room)
    return room
  }

  /** The place is in its room no more, and the others are told. */
  #unseat({ id, room }: VoicePlace): void {
    room.members.delete(id)
    const left = { type: 'voice.left', data: { channel: room.channel, member: id } }
    room.tell(`voice:${id}`, () => left)
    if (room.members.size === 0) this.#rooms.delete(room.channel)
  }

  /** Whoever has the place loses it to another of the same device. */
  #evict(place: VoicePlace): void {
    const { connection, room } = place
    this.leave(place)
    connection?.outgoing.control({ type: 'voice.moved', data: { channel: room.channel, member: place.id } })
  }

  #seat(room: Room, connection: VoiceConnection, device: string): VoicePlace {
    const id = `v${(++this.#places).toString(36)}-${this.#origin.toString(36)}`
    const silence = this.#silences.of(room.channel, connection.user.id)
    const place = new VoicePlace({ id, device, room, connection, silence })
    room.members.set(id, place)
    return place
  }

  #take(place: VoicePlace, connection: VoiceConnection): void {
    const before = place.connection
    if (before && before !== connection) {
      for (const track of [...place.tracks.values()]) this.unpublish(place, track)
      vacate(before)
      const { channel } = place.room
      before.outgoing.control({ type: 'voice.moved', data: { channel, member: place.id } })
    }
    this.#away.delete(place)
    place.presence = { name: 'here', connection }
    connection.place = place
    connection.outgoing.setVoice(true)
  }

  #tellChanged(place: VoicePlace, to: 'others' | 'all' = 'others'): void {
    const { room } = place
    const message = (): object => ({ type: 'voice.changed', data: { channel: room.channel, member: place.summary() } })
    room.tell(`voice:${place.id}`, message, to === 'others' ? place : undefined)
  }
}

function vacate(connection: VoiceConnection): void {
  connection.place = undefined
  connection.outgoing.setVoice(false)
}
