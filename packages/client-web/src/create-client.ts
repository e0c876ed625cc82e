import { type ClientOptions, clockFrom } from '@arclight/core'
import { type Client, createClientCore } from '@arclight/core/client'
import type { OutboxStore, TokenStore } from '@arclight/core/contracts'
import { wsTransport } from '@arclight/core/transport-ws'
import { Playback } from './audio/playback.ts'
import { sharedEngine } from './audio/shared-engine.ts'
import { webCodecsOpus } from './audio/web-codecs-opus.ts'
import { indexedDbOutbox } from './indexed-db-outbox.ts'
import { localStorageTokens } from './local-storage-tokens.ts'

/** What a browser client is told. */
export interface WebClientOptions extends ClientOptions {
  /** Where the token is kept between visits; localStorage unless told. */
  readonly tokens?: TokenStore | undefined
  /** Where messages wait that shall survive a reload; IndexedDB unless told, in memory where it is full or blocked. */
  readonly outbox?: OutboxStore | undefined
}

/** A client in a page: everybody in a call is heard through `playback`. */
export interface WebClient extends Client {
  readonly playback: Playback
}

/** A client for browsers. `resume()` signs in with the token of an earlier visit. */
export function createClient(options: WebClientOptions): WebClient {
  const { tokens, outbox, ...common } = options
  const playback = new Playback(sharedEngine())
  const client = createClientCore(
    {
      clock: clockFrom(pageTime()),
      random: Math.random,
      createId: () => crypto.randomUUID(),
      connect: wsTransport(),
      tokens: tokens ?? localStorageTokens(options.url),
      outbox: outbox ?? indexedDbOutbox(),
      audioCodec: webCodecsOpus,
      output: (speaker) => playback.sink(speaker),
    },
    common,
  )
  retryWhenBack(client)
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

/** The network is back, or somebody looks: no reason to wait any longer. */
function retryWhenBack(client: Client): void {
  const retry = (): void => client.retryNow()
  const look = (): void => {
    if (document.visibilityState === 'visible') retry()
  }
  window.addEventListener('online', retry)
  document.addEventListener('visibilitychange', look)
  client.on('state', (state) => {
    if (state.name !== 'closed' || state.error.reason !== 'closed') return
    window.removeEventListener('online', retry)
    document.removeEventListener('visibilitychange', look)
  })
}
