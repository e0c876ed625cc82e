import type { ChannelSummary, Clock, HandledFamily, Message, Milliseconds } from '@arclight/core'
import type { BlobStore, ImageProcessor, Muxer, SignInProvider, Storage, TokenVerifier } from '@arclight/core/contracts'
import type { Registration } from './accounts/accounts.ts'
import type { Claim } from './accounts/claim.ts'
import type { ConnectionLimitsOption } from './limits/connection-limits.ts'
import type { RateLimits } from './limits/rate-limiter.ts'
import type { Logger } from './log.ts'
import type { UploadOptions } from './uploads/upload-settings.ts'

/** What a server is made of; without any option it is complete and in memory. */
export interface ServerOptions {
  /** Everything durable; in memory unless told. The server opens and closes it. */
  readonly storage?: Storage | undefined
  /** What writes recordings, `nodeAvMuxer()`; without it the server does not record. Needs `blobs`. */
  readonly muxer?: Muxer | undefined
  /** Where recordings and uploads are kept; without it the server has neither. */
  readonly blobs?: BlobStore | undefined
  /** What makes avatars and thumbnails, `sharpImages()`; without it there are none. */
  readonly images?: ImageProcessor | undefined
  /** What is taken of uploads; the protocol's LIMITS unless told. */
  readonly uploads?: UploadOptions | undefined
  /**
   * Signs links, and is what webhooks' secrets and second factors are made from; at least 32 characters. Made anew at each
   * start unless told, so that links end with the process, and webhooks' secrets too; there are no second factors then.
   */
  readonly secretKey?: string | undefined
  /** Whether anybody may make an account, whoever has an invite, or nobody; open unless told. */
  readonly registration?: Registration | undefined
  /** Whether anybody may come in without a password, as a guest whose account ends with its session; not unless told. */
  readonly guests?: boolean | undefined
  /** With a claim nobody registers before the owner, who needs its code. */
  readonly claim?: Claim | undefined
  /**
   * Tells whom tokens of another system are about: `jwtVerifier({ … })`. Whoever it knows has an account here, made when they first come,
   * whatever `registration` says.
   */
  readonly tokenVerifier?: TokenVerifier | undefined
  /** Signs users in at a provider's page: `oidcSignIn({ … })`. As with `tokenVerifier`, each has an account. */
  readonly signInProvider?: SignInProvider | undefined
  /** How long a session lasts that nobody uses, in milliseconds; 30 days unless told. */
  readonly sessionLifetimeMs?: Milliseconds | undefined
  /** Origins of pages, beside the server's own, that may connect: `https://chat.example.org`. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Messages of the application's own: `defineFamily(…).handle(…)`. */
  readonly families?: readonly HandledFamily[] | undefined
  /** The name of the bot that messages of the server's own are by; `server` unless told. Nobody else may have it. */
  readonly botName?: string | undefined
  /**
   * Where webhooks may post: origins (`http://10.0.0.5:9000`), hosts that https may go to (`hooks.example.org`), and the
   * word `public` for https to any name that has a public address, which is the list unless told.
   */
  readonly webhookTargets?: readonly string[] | undefined
  /** How often a user may ask what; the protocol's RATES unless told, or `off`. */
  readonly rateLimits?: RateLimits | undefined
  /** How many connections there may be; the protocol's LIMITS unless told, or `off`. */
  readonly connectionLimits?: ConnectionLimitsOption | undefined
  /**
   * Addresses and CIDRs of the proxies in front of the server, whose forwarded headers are believed; none unless told.
   */
  readonly trustedProxies?: readonly string[] | undefined
  readonly log?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** What a server tells the application around it. */
export interface ServerEvents {
  /** A message was stored, whoever sent it. */
  message: { channel: ChannelSummary; message: Message }
  /** A message was edited, or its reactions or its pin have changed: the message as it is now. */
  changed: { channel: ChannelSummary; message: Message }
  /** A message was deleted: its tombstone. */
  deleted: { channel: ChannelSummary; message: Message }
  /** A channel was made or changed. */
  channel: { channel: ChannelSummary }
  /** A channel is gone; its id. */
  removed: { channel: string }
}

/** A server's figures since it was made. */
export interface ServerStats {
  readonly sessions: number
  readonly rooms: number
  /** Media frames taken for relaying. */
  readonly relayed: number
  /** Media frames dropped because their track was unknown or another's. */
  readonly foreign: number
  /** Frames dropped because their track or their connection sent too many. */
  readonly excess: number
  /** Process ids of the media hosts that run. */
  readonly mediaHosts: readonly number[]
}
