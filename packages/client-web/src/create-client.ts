import { type ClientOptions, clockFrom, type Family } from '@arclight/core'
import { type Client, createClientCore } from '@arclight/core/client'
import type { OutboxStore, TokenStore } from '@arclight/core/contracts'
import { wsTransport } from '@arclight/core/transport-ws'
import { tusUploader } from '@arclight/core/uploads-tus'
import { Playback } from './audio/playback.ts'
import { sharedEngine } from './audio/shared-engine.ts'
import { webCodecsOpus } from './audio/web-codecs-opus.ts'
import { deviceKey } from './device-key.ts'
import { indexedDbOutbox } from './indexed-db-outbox.ts'
import { localStorageTokens } from './local-storage-tokens.ts'
import { randomId } from './random-id.ts'
import { sessionLabel } from './session-label.ts'

/** What a browser client is told. */
export interface WebClientOptions<Own extends readonly Family[] = readonly []> extends ClientOptions<Own> {
  /** Where the token is kept between visits; localStorage unless told. */
  readonly tokens?: TokenStore | undefined
  /** Where messages wait that shall survive a reload; IndexedDB unless told, in memory where it is full or blocked. */
  readonly outbox?: OutboxStore | undefined
}

/** A client in a page: everybody in a call is heard through `playback`, and what it uploads are files and blobs. */
export interface WebClient<Own extends readonly Family[] = readonly []> extends Client<Own, Blob> {
  readonly playback: Playback
}

/** A client for browsers. `resume()` signs in with the token of an earlier visit. */
export function createClient<const Own extends readonly Family[] = readonly []>(
  options: WebClientOptions<Own>,
): WebClient<Own> {
  const { tokens, outbox, ...common } = options
  const playback = new Playback(sharedEngine())
  const client = createClientCore(
    {
      clock: clockFrom(pageTime()),
      random: Math.random,
      createId: randomId,
      connect: wsTransport(),
      tokens: tokens ?? localStorageTokens(options.url),
      device: deviceKey(),
      outbox: outbox ?? indexedDbOutbox(),
      uploader: tusUploader<Blob>({ open: async (file) => ({ file }), nameOf: (file) => (file as Partial<File>).name }),
      audioCodec: webCodecsOpus,
      output: (speaker) => playback.sink(speaker),
    },
    { label: sessionLabel(navigator.userAgent), ...common },
  )
  wakeWhenBack(client)
  return Object.assign(client, { playback })
}

/** Browsers insist that their timers are called on `window`. */
function pageTime(): Parameters<typeof clockFrom<number>>[0] {
  return {
    performance,
    Date,
    setTimeout: (run, delay) => window.setTimeout(run, delay),
    clearTimeout: (timer) => window.clearTimeout(timer),
  }
}

/** The network is back, or somebody looks: no reason to wait, and reason to doubt what seems to be there. */
function wakeWhenBack(client: Pick<Client, 'on' | 'wake'>): void {
  const wake = (): void => client.wake()
  const look = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', look)
  client.on('state', (state) => {
    if (state.name !== 'closed' || state.error.reason !== 'closed') return
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', look)
  })
}
