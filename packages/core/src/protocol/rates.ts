import { LIMITS } from './limits.ts'
import type { RequestType } from './requests.ts'

/** `burst` at once, then `perSecond`; whoever has waited long enough has the whole burst again. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** What {@link RATES} knows beside the requests: `*` is every request that it does not name, `http` the routes,
 * `account` attempts to log in under one name, `account.export` what a user asks for of their own data, and
 * `media` what a track, and a connection with all its tracks and probes, sends. */
export type RateName =
  | RequestType
  | '*'
  | 'http'
  | 'account'
  | 'account.export'
  | `media.${'track' | 'connection'}.${'frames' | 'bytes'}`

/**
 * How often a user may ask each type of request, over all their connections; the authenticating ones and `http` are
 * counted by address. What is not named here has the rate `*`, each type by itself, and unknown types one together.
 */
export const RATES = {
  /** A household of argon2 hashes; guessing a password by this way takes longer than anybody lives. */
  'auth.login': { burst: 30, perSecond: 0.5 },
  /** A school that signs up in one lesson, behind one address. */
  'auth.register': { burst: 100, perSecond: 0.2 },
  /** A class that looks in, behind one address; no password slows anybody down. */
  'auth.guest': { burst: 40, perSecond: 0.05 },
  'account.claim': { burst: 10, perSecond: 0.1 },
  /** As `auth.register`: a code, and a hash. */
  'auth.reset': { burst: 20, perSecond: 0.2 },
  /** Signatures, at most a question to the provider; an office signs in behind one address. */
  'auth.jwt': { burst: 100, perSecond: 2 },
  'auth.code': { burst: 100, perSecond: 2 },
  /** Of one name, from wherever: whoever guesses takes a year for three million passwords. */
  account: { burst: 20, perSecond: 0.1 },
  'account.password': { burst: 10, perSecond: 0.1 },
  'account.delete': { burst: 10, perSecond: 0.1 },
  /** As `account.password`; with a code each counts as an attempt to log in too. */
  'account.totp.begin': { burst: 10, perSecond: 0.1 },
  'account.totp.confirm': { burst: 10, perSecond: 0.1 },
  'account.totp.end': { burst: 10, perSecond: 0.1 },
  'account.totp.recovery': { burst: 10, perSecond: 0.1 },
  /** Cheap, and not to be guessed; after a restart an office comes back through one address. */
  'auth.token': { burst: 300, perSecond: 50 },
  'session.resume': { burst: 300, perSecond: 50 },
  /** Every channel that a session may have, at once. */
  'channel.join': { burst: 500, perSecond: 50 },
  'channel.leave': { burst: 500, perSecond: 50 },
  /** A client that was away reads many channels at once. */
  'log.read': { burst: 200, perSecond: 50 },
  'history.page': { burst: 200, perSecond: 50 },
  /** Nobody types this fast; a bot that answers a crowd may, for a while. */
  'message.send': { burst: 100, perSecond: 20 },
  /** A heart under each of many messages. */
  'message.react': { burst: 60, perSecond: 10 },
  /** Somebody who types a word and thinks; the words come to an end. */
  'message.search': { burst: 20, perSecond: 5 },
  /** A client marks what is looked at. */
  'read.mark': { burst: 100, perSecond: 10 },
  /** Twice in the time that it lasts, in a few channels. */
  'typing.set': { burst: 20, perSecond: 4 },
  /** Each tells everybody who watches. */
  'presence.set': { burst: 10, perSecond: 1 },
  /** A page of messages with pictures, and their authors'. */
  'file.link': { burst: 500, perSecond: 50 },
  'file.get': { burst: 100, perSecond: 20 },
  /** Each tells everybody. */
  /** Somebody clears up after a quarrel. */
  'user.block': { burst: 60, perSecond: 1 },
  'user.update': { burst: 10, perSecond: 0.2 },
  'channel.create': { burst: 50, perSecond: 1 },
  'channel.update': { burst: 50, perSecond: 2 },
  'channel.delete': { burst: 50, perSecond: 1 },
  'direct.open': { burst: 30, perSecond: 0.5 },
  /** Each tells everybody in the channel. */
  'voice.join': { burst: 20, perSecond: 2 },
  'voice.leave': { burst: 20, perSecond: 2 },
  'voice.update': { burst: 20, perSecond: 5 },
  /** As `voice.join`; a moderator silences a crowd. */
  'voice.moderate': { burst: 50, perSecond: 2 },
  'voice.move': { burst: 50, perSecond: 2 },
  /** Twice the tracks that a connection may have. */
  'track.publish': { burst: 32, perSecond: 5 },
  'track.unpublish': { burst: 32, perSecond: 5 },
  /** Each makes a file. */
  'recording.start': { burst: 5, perSecond: 0.2 },
  'recording.stop': { burst: 10, perSecond: 1 },
  /** All that somebody ever wrote; a second try, and one on another device. */
  'account.export': { burst: 5, perSecond: 0.01 },
  /** A player that seeks asks for a range each time. */
  http: { burst: 200, perSecond: 50 },
  /** Sound has 50 a second, pictures 120; after 30 s of absence all of a recording's come at once. */
  'media.track.frames': { burst: 4_000, perSecond: 250 },
  /** 64 Mbit/s, more than 4K pictures need; the burst is twice what a client keeps. */
  'media.track.bytes': { burst: 2 * LIMITS.keptFramesBytes, perSecond: 8 * 1_048_576 },
  'media.connection.frames': { burst: 8_000, perSecond: 1_000 },
  'media.connection.bytes': { burst: 4 * LIMITS.keptFramesBytes, perSecond: 16 * 1_048_576 },
  '*': { burst: 60, perSecond: 20 },
} as const satisfies Partial<Record<RateName, Rate>>
