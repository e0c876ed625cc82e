import { randomUUID } from 'node:crypto'
import type { Clock } from '@arclight/core'
import type { Emitter } from '@arclight/core/client'
import type { Storage } from '@arclight/core/contracts'
import { LIMITS, RATES } from '@arclight/core/protocol'
import { AccountExport } from './accounts/account-export.ts'
import { Accounts } from './accounts/accounts.ts'
import { Blocks } from './accounts/blocks.ts'
import { Bots } from './accounts/bots.ts'
import { AccountDeletion } from './accounts/deletion.ts'
import { Eraser } from './accounts/eraser.ts'
import { Guests } from './accounts/guests.ts'
import { Identities } from './accounts/identities.ts'
import { Invites } from './accounts/invites.ts'
import { PasswordHasher } from './accounts/password-hasher.ts'
import { Passwords } from './accounts/passwords.ts'
import { Profiles } from './accounts/profiles.ts'
import { SecondFactors } from './accounts/second-factors.ts'
import { Sessions } from './accounts/sessions.ts'
import { SignInCodes } from './accounts/sign-in-codes.ts'
import { Hooks } from './application/hooks.ts'
import { ChannelAdmin } from './channels/channel-admin.ts'
import { ChannelNews } from './channels/channel-news.ts'
import type { ChannelPurge } from './channels/channel-purge.ts'
import { Channels } from './channels/channels.ts'
import { Memberships } from './channels/memberships.ts'
import type { Turn } from './delivery/turn.ts'
import { Families } from './families/families.ts'
import type { Services } from './handlers/handler.ts'
import { RateLimiter, type RateLimits } from './limits/rate-limiter.ts'
import { LiveSessions } from './live-sessions.ts'
import type { Logger } from './log.ts'
import { Audit } from './moderation/audit.ts'
import { Bans } from './moderation/bans.ts'
import { Moderation } from './moderation/moderation.ts'
import { VoiceModeration } from './moderation/voice-moderation.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { Access } from './permissions/access.ts'
import { Roles } from './permissions/roles.ts'
import { Standings } from './permissions/standings.ts'
import { Presence } from './presence/presence.ts'
import { Typing } from './presence/typing.ts'
import { Links } from './recording/links.ts'
import { Recordings } from './recording/recordings.ts'
import type { ServerEvents, ServerOptions } from './server-options.ts'
import { Tracks } from './tracks/tracks.ts'
import { uploadSettings } from './uploads/upload-settings.ts'
import { Uploads } from './uploads/uploads.ts'
import { Rooms } from './voice/rooms.ts'
import { Silences } from './voice/silences.ts'
import { WebhookSecrets } from './webhooks/secrets.ts'
import { WebhookTargets } from './webhooks/targets.ts'
import { Webhooks } from './webhooks/webhooks.ts'

/** What the server itself brings to its services. */
export interface CompositionParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly turn: Turn
  readonly purge: ChannelPurge
  /** What the application hears by. */
  readonly tell: Pick<Emitter<ServerEvents>, 'emit'>
}

/** What the application hears of a log's entries. */
const ENTRY_EVENTS = {
  'message.created': 'message',
  'message.changed': 'changed',
  'message.deleted': 'deleted',
} as const

/** Puts the server's services together: the one place that knows them all. */
export function compose(options: ServerOptions, parts: CompositionParts): Services {
  const { storage, clock, log, turn, purge } = parts
  const { claim, registration = 'open', sessionLifetimeMs: lifetime = LIMITS.sessionMs, muxer, blobs, images } = options
  const presence = new Presence(clock)
  const live = new LiveSessions(presence)
  const standings = new Standings(storage)
  const channels: Channels = makeChannels(parts, {
    standings,
    typing: () => typing,
    webhooks: () => webhooks,
    uploads: () => uploads,
    silences: () => silences,
  })
  const settings = uploadSettings(options.uploads)
  const uploads = new Uploads({ storage, clock, log, channels, standings, blobs, images, settings })
  const typing = new Typing({ clock, listeners: (channel) => channels.listeners(channel) })
  const sessions = new Sessions({ storage, clock, lifetime })
  const blocks = new Blocks(storage)
  const bots = new Bots({ storage, clock, sessions, live })
  const secretKey = options.secretKey ?? randomUUID() + randomUUID()
  const families = new Families(options.families ?? [], { channels, live })
  const rates = new RateLimiter(clock, withFamilies(options.rateLimits, families))
  const tracks = new Tracks(clock, () => rates.meter('track'))
  const silences = new Silences(storage)
  const rooms = new Rooms(turn, clock, tracks, silences)
  const [news, changes] = [new ChannelNews({ channels, live, standings }), new OneAtATime()]
  const channelAdmin = new ChannelAdmin({ storage, clock, standings, channels, rooms, news, changes, purge })
  const bans = new Bans({ storage, clock })
  const audit = new Audit({ storage, clock })
  const access = new Access({ channels, live, rooms, standings, news, changes })
  const [hasher, invites] = [new PasswordHasher(), new Invites({ storage, clock, standings, audit })]
  // A key that ends with the process would lock everybody out.
  const lasting = options.secretKey
  const secondFactors = new SecondFactors({ storage, clock, hasher, live, rates, secretKey: lasting })
  const accounts = new Accounts({ storage, clock, registration, claim, standings, hasher, invites, secondFactors })
  const { tokenVerifier: verifier, signInProvider } = options
  const owned = () => accounts.registration !== 'claim'
  const identities = new Identities({ storage, clock, log, standings, owned, verifier })
  const memberships = new Memberships({
    storage,
    standings,
    blocks,
    clock,
    channels,
    rooms,
    news,
    admin: channelAdmin,
    changes,
  })
  const profiles = new Profiles({ storage, live, channels, presence, rooms, uploads })
  const [secrets, targets] = [new WebhookSecrets(secretKey), new WebhookTargets(options.webhookTargets)]
  const admit = memberships.add.bind(memberships)
  const webhooks = new Webhooks({ storage, clock, log, bots, channels, secrets, targets, admit })
  const recordings = new Recordings({ storage, clock, log, tracks, muxer, blobs })
  const eraser = new Eraser({ storage, clock, log, channels, memberships, recordings })
  const deletion = new AccountDeletion({
    ...{ storage, hasher, secondFactors, sessions, live, standings, channels, rooms },
    ...{ profiles, uploads, eraser, changes, silences, blocks },
  })
  return {
    storage,
    clock,
    accounts,
    sessions,
    passwords: new Passwords({ storage, clock, hasher, sessions, live, standings, audit, secondFactors }),
    secondFactors,
    invites,
    identities,
    codes: new SignInCodes(clock),
    signInProvider,
    guests: new Guests({
      storage,
      clock,
      allowed: options.guests ?? false,
      accounts,
      standings,
      hasher,
      invites,
      access,
      profiles,
      live,
      channels,
      uploads,
      silences,
      blocks,
    }),
    live,
    families,
    hooks: new Hooks({ clock, log }),
    typing,
    presence,
    blocks,
    bots,
    profiles,
    deletion,
    eraser,
    accountExport: new AccountExport({ storage, clock, channels, standings, rates }),
    uploads,
    webhooks,
    standings,
    roles: new Roles({ storage, standings, channels, live, access, audit }),
    bans,
    voiceModeration: new VoiceModeration({ storage, channels, standings, rooms, silences, audit, changes }),
    silences,
    moderation: new Moderation({ storage, clock, sessions, live, standings, bans, audit }),
    audit,
    channels,
    channelAdmin,
    memberships,
    tracks,
    rooms,
    recordings,
    links: new Links(secretKey, clock),
    rates,
  }
}

/** The channels, and what hears of them: whoever types, webhooks, uploads, the application. Those are made after the channels. */
function makeChannels(
  { storage, clock, log, turn, tell }: CompositionParts,
  later: {
    readonly standings: Standings
    readonly typing: () => Typing
    readonly webhooks: () => Webhooks
    readonly uploads: () => Uploads
    readonly silences: () => Silences
  },
): Channels {
  const channels: Channels = new Channels({
    storage,
    clock,
    turn,
    standings: later.standings,
    watcher: {
      stored: (entry) => {
        const { type, channel: id, data } = entry
        const { message } = data
        if (type === 'message.created') later.typing().spoke(id, message.author.id)
        later.webhooks().stored(entry)
        if (type === 'message.deleted') later.uploads().due()
        tell.emit(ENTRY_EVENTS[type], { channel: channels.get(id), message })
      },
      changed: (channel) => tell.emit('channel', { channel }),
      gone: (channel) => {
        const failed = (error: unknown) => log.error({ channel, error }, 'the webhooks of a channel could not be ended')
        later.webhooks().endOf({ channel }).catch(failed)
        later.silences().forget(channel)
        tell.emit('removed', { channel })
      },
    },
  })
  return channels
}

/** Each request of a family is counted by itself, at its own rate unless the operator says otherwise. */
function withFamilies(limits: RateLimits = {}, families: Families): RateLimits {
  return limits === 'off' ? limits : { ...families.rates(limits['*'] ?? RATES['*']), ...limits }
}
