import { ConnectionError } from '../errors/connection-error.ts'
import type { EventEnvelope } from '../protocol/envelope.ts'
import type { EventData } from '../protocol/events.ts'
import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { Account } from '../protocol/user.ts'
import { Channels } from './channels.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import type { ClientOptions, ClientRuntime } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import { Recorder } from './recorder/recorder.ts'
import { Sender } from './sender.ts'
import { Session } from './session.ts'
import { Voice } from './voice/voice.ts'

/** What a client tells. */
export interface ClientEvents {
  /** The connection changed: show it. */
  state: ConnectionState
  /** The server could not read a frame of ours, or we one of the server's. A bug on one side. */
  fault: unknown
}

/** One signed-in user of one server: chat and voice over one connection that comes back by itself. */
export class Client implements Listenable<ClientEvents> {
  readonly channels: Channels
  /** What the server has not answered for yet. */
  readonly outbox: Outbox
  readonly voice: Voice
  readonly recorder: Recorder
  readonly #connection: Connection
  readonly #session: Session
  readonly #sender: Sender
  readonly #emitter = new Emitter<ClientEvents>()

  constructor(runtime: ClientRuntime, options: ClientOptions) {
    const connection = new Connection(runtime, options, {
      greeted: () => void this.#session.greeted(),
      event: (event) => this.#receive(event),
      media: (frame) => this.voice.media(frame),
      unreadable: (error) => this.#emitter.emit('fault', error),
      wanted: () => this.#session.signedIn,
    })
    this.#connection = connection
    this.#sender = new Sender(connection, { ...runtime, server: options.url })
    this.outbox = new Outbox(this.#sender)
    this.channels = new Channels({ connection, sender: this.#sender, createId: runtime.createId })
    this.voice = new Voice(connection, runtime)
    this.recorder = new Recorder(connection, runtime, options.httpUrl ?? originOf(options.url))
    this.#session = new Session({
      connection,
      tokens: runtime.tokens,
      wants: () => this.#wants(),
      live: (resumed) => this.#wentLive(resumed),
    })
    connection.machine.watch((state, previous) => this.#changed(state, previous))
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /** Who is signed in, while the connection is away too. */
  get user(): Account | undefined {
    return this.#session.user
  }

  /** Messages that the server has not answered for yet. */
  get unsent(): number {
    return this.outbox.size
  }

  /** Round trip in milliseconds, media frames sent and dropped at the gate. */
  get stats(): { roundTrip?: number; minimumRoundTrip?: number; sent: number; dropped: number } {
    return this.#connection.media.stats
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** Resolves when the connection is in that state; rejects with the signal's reason, or when it was closed. */
  async until<Name extends ConnectionState['name']>(
    name: Name,
    options: { signal?: AbortSignal } = {},
  ): Promise<Extract<ConnectionState, { name: Name }>> {
    return this.#connection.machine.until(name, {
      signal: options.signal,
      refuse: (state) => (state.name === 'closed' ? state.error : undefined),
    })
  }

  /** Makes an account and signs in. `claim` is the first-run code that makes the owner. */
  register(
    account: { name: string; password: string; claim?: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<Account> {
    return this.#session.authenticate('auth.register', account, options.signal)
  }

  /** Signs in; the token is kept, so that `resume()` is enough the next time. */
  login(account: { name: string; password: string }, options: { signal?: AbortSignal } = {}): Promise<Account> {
    return this.#session.authenticate('auth.login', account, options.signal)
  }

  /** Signs in with the token kept from before. Rejects with ConnectionError `signed-out` where there is none. */
  resume(options: { signal?: AbortSignal } = {}): Promise<Account> {
    return this.#session.resume(options.signal)
  }

  /** Revokes the token here and on the server. */
  logout(): Promise<void> {
    return this.#session.logout()
  }

  /** Any request of the protocol, typed; waits for the connection to be live. */
  request<Type extends RequestType>(
    type: Type,
    data: RequestData<Type>,
    options: { signal?: AbortSignal } = {},
  ): Promise<ReplyData<Type>> {
    return this.#connection.request(type, data, options)
  }

  /** Ends the wait before the next attempt: the network is back, the page is visible again. */
  retryNow(): void {
    this.#connection.retryNow()
  }

  /** Leaves the call and ends the connection; the token stays. */
  async close(): Promise<void> {
    try {
      await this.voice.call?.end('left')
    } finally {
      this.#connection.end(ConnectionError.closed())
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #wants(): Omit<RequestData<'session.resume'>, 'token'> {
    const voice = this.voice.declaration()
    const recordings = this.recorder.declarations()
    return {
      cursors: this.channels.cursors(),
      ...(voice ? { voice } : {}),
      ...(recordings ? { recordings } : {}),
    }
  }

  #wentLive(resumed: ReplyData<'session.resume'> | undefined): void {
    this.channels.wentLive(resumed?.channels ?? {})
    this.voice.resumed(resumed?.voice)
    this.recorder.resumed(resumed?.recordings)
    if (this.user) this.#sender.serve(this.user.id)
    this.#sender.flush()
  }

  #changed(state: ConnectionState, previous: ConnectionState): void {
    if (previous.name === 'live') {
      this.voice.suspend()
      this.recorder.suspend()
    }
    if (state.name === 'connecting' && this.user) this.#sender.serve(this.user.id)
    if (state.name === 'closed') {
      this.#sender.abandon(state.error)
      void this.voice.call?.end('gone')
      this.recorder.abandon(state.error.message)
    }
    this.#emitter.emit('state', state)
  }

  #receive(event: EventEnvelope): void {
    if (event.channel !== undefined) return this.channels.receive({ ...event, channel: event.channel })
    switch (event.type) {
      case 'voice.changed':
        return this.voice.changed(event.data as EventData<'voice.changed'>)
      case 'voice.left':
        return this.voice.left(event.data as EventData<'voice.left'>)
      case 'track.published':
        return this.voice.trackPublished(event.data as EventData<'track.published'>)
      case 'track.unpublished':
        return this.voice.trackUnpublished(event.data as EventData<'track.unpublished'>)
      case 'recording.progress':
        return this.recorder.progressed(event.data as EventData<'recording.progress'>)
      case 'recording.failed':
        return this.recorder.failed(event.data as EventData<'recording.failed'>)
      case 'track.ack':
        return this.recorder.acked(event.data as EventData<'track.ack'>)
      case 'channel.lagging':
        return this.channels.lagging(event.data as EventData<'channel.lagging'>)
      case 'session.rejected':
        return this.#emitter.emit('fault', event.data)
    }
  }
}

/** ws://host/path is beside http://host, wss beside https. */
function originOf(url: string): string {
  return /^ws(s?:\/\/[^/?#]+)/.exec(url)?.[1]?.replace(/^/, 'http') ?? ''
}

/** Makes a client from what its runtime gives; `@arclight/client-web` and `-node` call it for you. */
export function createClientCore(runtime: ClientRuntime, options: ClientOptions): Client {
  return new Client(runtime, options)
}
