import { LIMITS } from './limits.ts'
import type { RequestType } from './requests.ts'

/** `burst` at once, then `perSecond`; whoever has waited long enough has the whole burst again. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** What {@link RATES} knows beside the requests: `*` is every request that it does not name, `http` the routes, and
 * `media` what a track, and a connection with all its tracks and probes, sends. */
export type RateName = RequestType | '*' | 'http' | `media.${'track' | 'connection'}.${'frames' | 'bytes'}`

/**
 * How often a user may ask each type of request, over all their connections; the authenticating ones and `http` are
 * counted by address. What is not named here has the rate `*`, each type by itself, and unknown types one together.
 */
export const RATES = {
  /** A household of argon2 hashes; guessing a password by this way takes longer than anybody lives. */
  'auth.login': { burst: 30, perSecond: 0.5 },
  /** A class that signs up in one lesson, behind one address. */
  'auth.register': { burst: 40, perSecond: 0.2 },
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
  /** Each tells everybody in the channel. */
  'voice.join': { burst: 20, perSecond: 2 },
  'voice.leave': { burst: 20, perSecond: 2 },
  'voice.update': { burst: 20, perSecond: 5 },
  /** Twice the tracks that a connection may have. */
  'track.publish': { burst: 32, perSecond: 5 },
  'track.unpublish': { burst: 32, perSecond: 5 },
  /** Each makes a file. */
  'recording.start': { burst: 5, perSecond: 0.2 },
  'recording.stop': { burst: 10, perSecond: 1 },
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
