import type { Clock } from '@arclight/core'
import type { SignInProvider, Storage } from '@arclight/core/contracts'
import type { ReplyData, RequestData, RequestType } from '@arclight/core/protocol'
import type { AccountExport } from '../accounts/account-export.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Blocks } from '../accounts/blocks.ts'
import type { Bots } from '../accounts/bots.ts'
import type { AccountDeletion } from '../accounts/deletion.ts'
import type { Eraser } from '../accounts/eraser.ts'
import type { Guests } from '../accounts/guests.ts'
import type { Identities } from '../accounts/identities.ts'
import type { Invites } from '../accounts/invites.ts'
import type { Passwords } from '../accounts/passwords.ts'
import type { Profiles } from '../accounts/profiles.ts'
import type { SecondFactors } from '../accounts/second-factors.ts'
import type { Identity, Sessions } from '../accounts/sessions.ts'
import type { SignInCodes } from '../accounts/sign-in-codes.ts'
import type { Hooks } from '../application/hooks.ts'
import type { ChannelAdmin } from '../channels/channel-admin.ts'
import type { Channels } from '../channels/channels.ts'
import type { Memberships } from '../channels/memberships.ts'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Families } from '../families/families.ts'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { LiveConnection, LiveSessions } from '../live-sessions.ts'
import type { Audit } from '../moderation/audit.ts'
import type { Bans } from '../moderation/bans.ts'
import type { Moderation } from '../moderation/moderation.ts'
import type { VoiceModeration } from '../moderation/voice-moderation.ts'
import type { Roles } from '../permissions/roles.ts'
import type { Standings } from '../permissions/standings.ts'
import type { Presence } from '../presence/presence.ts'
import type { Typing } from '../presence/typing.ts'
import type { Links } from '../recording/links.ts'
import type { Recordings } from '../recording/recordings.ts'
import type { Tracks } from '../tracks/tracks.ts'
import type { Uploads } from '../uploads/uploads.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { Silences } from '../voice/silences.ts'
import type { VoiceConnection } from '../voice/voice-connection.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

/** What a handler works with. */
export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly secondFactors: SecondFactors
  readonly deletion: AccountDeletion
  readonly eraser: Eraser
  readonly accountExport: AccountExport
  readonly invites: Invites
  readonly identities: Identities
  readonly codes: SignInCodes
  /** Undefined where users sign in here alone. */
  readonly signInProvider: SignInProvider | undefined
  readonly guests: Guests
  readonly live: LiveSessions
  readonly standings: Standings
  readonly roles: Roles
  readonly bans: Bans
  readonly moderation: Moderation
  readonly voiceModeration: VoiceModeration
  readonly silences: Silences
  readonly audit: Audit
  readonly channels: Channels
  readonly channelAdmin: ChannelAdmin
  readonly memberships: Memberships
  readonly families: Families
  readonly hooks: Hooks
  readonly typing: Typing
  readonly presence: Presence
  readonly blocks: Blocks
  readonly bots: Bots
  readonly profiles: Profiles
  readonly webhooks: Webhooks
  readonly rooms: Rooms
  readonly tracks: Tracks
  readonly recordings: Recordings
  readonly uploads: Uploads
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
  /** Whether it comes from this machine. */
  readonly local: boolean
  readonly voice: VoiceConnection
}

/** Who a message is by: a caller, or somebody without a connection. */
export interface Author {
  readonly identity: Pick<Identity, 'account'>
}

/** Validated data, caller and services in, reply out; throws Refusal. */
export type Handler<Type extends RequestType, Who> = (
  data: RequestData<Type>,
  who: Who,
  services: Services,
) => ReplyData<Type> | Promise<ReplyData<Type>>

/** The requests that authenticate a connection. */
export type AuthenticatingType =
  | 'session.resume'
  | `auth.${'register' | 'login' | 'guest' | 'token' | 'reset' | 'jwt' | 'code'}`
