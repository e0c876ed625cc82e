import type { Milliseconds, UserSummary } from '@arclight/core'
import type { VoiceMember } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Track } from '../tracks/track-table.ts'
import type { Room } from './room.ts'
import type { VoiceConnection } from './voice-connection.ts'

/** Whether somebody sits in the place, or it is kept for whoever comes back. */
export type Presence =
  | { readonly name: 'here'; readonly connection: VoiceConnection }
  | { readonly name: 'away'; readonly until: Milliseconds }

/** A user's place in a voice channel, one for each of their devices: what others see of it, and its tracks. */
export class VoicePlace {
  readonly id: string
  readonly user: UserSummary
  readonly device: string
  readonly room: Room
  readonly tracks = new Map<string, Track>()
  presence: Presence
  muted = false
  deafened = false

  constructor(parts: { id: string; device: string; room: Room; connection: VoiceConnection }) {
    this.id = parts.id
    this.user = parts.connection.user
    this.device = parts.device
    this.room = parts.room
    this.presence = { name: 'here', connection: parts.connection }
  }

  /** Whose place it is at the moment. */
  get connection(): VoiceConnection | undefined {
    return this.presence.name === 'here' ? this.presence.connection : undefined
  }

  get outgoing(): Outgoing | undefined {
    return this.connection?.outgoing
  }

  summary(): VoiceMember {
    const { id: member, user, muted, deafened } = this
    const tracks = [...this.tracks.values()].map(({ track, key, format }) => ({ track, key, format }))
    return { member, user, muted, deafened, reconnecting: this.presence.name === 'away', tracks }
  }
}
