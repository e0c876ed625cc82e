import type { Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { ReplyData, RequestData, RequestType } from '@arclight/core/protocol'
import type { Accounts } from '../accounts/accounts.ts'
import type { Identity, Sessions } from '../accounts/sessions.ts'
import type { Channels } from '../channels/channels.ts'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Families } from '../families/families.ts'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { LiveConnection, LiveSessions } from '../live-sessions.ts'
import type { Links } from '../recording/links.ts'
import type { Recordings } from '../recording/recordings.ts'
import type { Tracks } from '../tracks/tracks.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { VoiceConnection } from '../voice/voice-connection.ts'

/** What a handler works with. */
export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly live: LiveSessions
  readonly channels: Channels
  readonly families: Families
  readonly rooms: Rooms
  readonly tracks: Tracks
  readonly recordings: Recordings
  readonly links: Links
  readonly rates: RateLimiter
  readonly storage: Storage
  readonly clock: Clock
}

/** The connection that asks, before it has authenticated. */
export interface Stranger {
  readonly outgoing: Outgoing
  /** What its address is counted by. */
  readonly addressKey: string
  /** Whether it comes from this machine. */
  readonly local: boolean
  /** From here on the connection is this user's. */
  authenticate(identity: Identity): Caller
}

/** The connection that asks, once it has authenticated. */
export interface Caller extends LiveConnection {
  readonly voice: VoiceConnection
  /** The session was refreshed. */
  refreshed(identity: Identity): void
}

/** Validated data, caller and services in, reply out; throws Refusal. */
export type Handler<Type extends RequestType, Who> = (
  data: RequestData<Type>,
  who: Who,
  services: Services,
) => ReplyData<Type> | Promise<ReplyData<Type>>

/** The requests that authenticate a connection. */
export type AuthenticatingType = 'session.resume' | 'auth.register' | 'auth.login' | 'auth.token'
