import type { AudioCodec } from '../contracts/audio-codec.ts'
import type { AudioSink } from '../contracts/audio-sink.ts'
import type { OutboxStore } from '../contracts/outbox-store.ts'
import type { TokenStore } from '../contracts/token-store.ts'
import type { Uploader } from '../contracts/uploader.ts'
import type { Family } from '../protocol/family.ts'
import type { Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'
import type { ConnectTransport } from './transport.ts'
import type { Speaker } from './voice/speaker.ts'

/** What a runtime gives the client. */
export interface ClientRuntime<Source = unknown> {
  readonly clock: Clock
  /** Uniform in [0, 1): jitter. */
  readonly random: () => number
  /** A new client id for a message: unique wherever this account is signed in. */
  readonly createId: () => string
  readonly connect: ConnectTransport
  readonly tokens: TokenStore
  /** Names this device for as long as it is used: its place in a voice channel is its own. */
  readonly device: string
  /** Where messages wait that shall outlive the client; in the client's memory unless given. */
  readonly outbox?: OutboxStore | undefined
  /** Carries files to the server; undefined where the runtime has no way to. */
  readonly uploader?: Uploader<Source> | undefined
  /** Loaded when a call first needs it; rejects with MediaError. */
  readonly audioCodec: () => Promise<AudioCodec>
  /** Where a speaker's sound goes by itself; undefined where the application pipes speakers. */
  readonly output?: ((speaker: Speaker) => AudioSink) | undefined
}

/** What the application decides. */
export interface ClientOptions<Families extends readonly Family[] = readonly []> {
  /** The server's WebSocket address: `wss://talk.example.org/arclight`. */
  readonly url: string
  /** Where the server's http routes are, for links; the origin of `url` unless told. */
  readonly httpUrl?: string | undefined
  /** How long a request waits for its reply; 10 s unless told. */
  readonly requestMs?: Milliseconds | undefined
  /** What the user's list of sessions calls this client: "Firefox on Linux". */
  readonly label?: string | undefined
  /** Messages of the application's own, made by `defineFamily`: typed here, and checked when they come. */
  readonly families?: Families | undefined
  /** Checks all that the server sends: pass `validate` of `@arclight/core/protocol`. Off unless told. */
  readonly validate?: ((direction: 'reply' | 'event', type: string, data: unknown) => void) | undefined
}
