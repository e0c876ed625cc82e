import type { Milliseconds, UserSummary } from '@arclight/core'
import type { VoiceMember } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { MediaSink, Track } from '../tracks/track-table.ts'
import type { Room } from './room.ts'
import type { Silence } from './silences.ts'
import type { VoiceConnection } from './voice-connection.ts'

/** Whether somebody sits in the place, or it is kept for whoever comes back. */
export type Presence =
  | { readonly name: 'here'; readonly connection: VoiceConnection }
  | { readonly name: 'away'; readonly until: Milliseconds }

/** A user's place in a voice channel, one for each of their devices: what others see of it, and its tracks. */
export class VoicePlace implements MediaSink {
  readonly id: string
  user: UserSummary
  readonly device: string
  /** Another one where the member was sent. */
  room: Room
  readonly tracks = new Map<string, Track>()
  presence: Presence
  muted = false
  deafened = false
  /** What whoever keeps order has taken. */
  silence: Silence
  /** The channel that whoever has the place was last sent from, and may still believe to be in. */
  sentFrom: string | undefined

  constructor(parts: { id: string; device: string; room: Room; connection: VoiceConnection; silence: Silence }) {
    this.id = parts.id
    this.user = parts.connection.user
    this.device = parts.device
    this.room = parts.room
    this.presence = { name: 'here', connection: parts.connection }
    this.silence = parts.silence
  }

  /** Whose place it is at the moment. */
  get connection(): VoiceConnection | undefined {
    return this.presence.name === 'here' ? this.presence.connection : undefined
  }

  get outgoing(): Outgoing | undefined {
    return this.connection?.outgoing
  }

  /** Whether the member is to get no audio. */
  get isDeaf(): boolean {
    return this.deafened || this.silence.deafened
  }

  /** Nothing of a member that was silenced goes any further. */
  take(track: Track, frame: Uint8Array): void {
    if (!this.silence.muted) this.room.take(track, frame)
  }

  summary(): VoiceMember {
    const { id: member, user, muted, deafened, silence } = this
    const tracks = [...this.tracks.values()].map(({ track, key, format }) => ({ track, key, format }))
    return {
      member,
      user,
      muted,
      deafened,
      reconnecting: this.presence.name === 'away',
      ...(silence.muted ? { serverMuted: true } : {}),
      ...(silence.deafened ? { serverDeafened: true } : {}),
      tracks,
    }
  }
}
