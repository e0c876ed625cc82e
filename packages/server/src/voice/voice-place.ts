import type { UserSummary } from '@arclight/core'
import type { VoiceMember } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Track } from '../tracks/track-table.ts'
import type { Room } from './room.ts'

/** One connection's place in voice: what others see of it, and its tracks. */
export class VoicePlace {
  readonly id: string
  readonly user: UserSummary
  readonly outgoing: Outgoing
  readonly tracks = new Map<string, Track>()
  muted = false
  deafened = false
  room: Room | undefined

  constructor(id: string, user: UserSummary, outgoing: Outgoing) {
    this.id = id
    this.user = user
    this.outgoing = outgoing
  }

  summary(): VoiceMember {
    const tracks = [...this.tracks.values()].map(({ track, key, format }) => ({ track, key, format }))
    return { member: this.id, user: this.user, muted: this.muted, deafened: this.deafened, tracks }
  }
}
