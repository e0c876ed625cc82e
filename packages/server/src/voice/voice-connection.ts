import type { UserSummary } from '@arclight/core'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { VoicePlace } from './voice-place.ts'

/** A connection as voice knows it: it publishes, and holds one place at most. */
export class VoiceConnection {
  user: UserSummary
  readonly outgoing: Outgoing
  place: VoicePlace | undefined

  constructor(user: UserSummary, outgoing: Outgoing) {
    this.user = user
    this.outgoing = outgoing
  }
}
