import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ConnectionError } from '../errors/connection-error.ts'
import type { SessionSummary } from '../protocol/auth.ts'
import type { EventEnvelope } from '../protocol/envelope.ts'
import type { EventData } from '../protocol/events.ts'
import type { Family, FamilyEvents, FamilyRequestOf, FamilyRequestType } from '../protocol/family.ts'
import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { Account } from '../protocol/user.ts'
import type { Milliseconds } from '../time/units.ts'
import { Channels } from './channels.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import { Families } from './families.ts'
import type { ClientOptions, ClientRuntime } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import { Recorder } from './recorder/recorder.ts'
import { Sender } from './sender.ts'
import { Session } from './session.ts'
import { Voice } from './voice/voice.ts'

/** What a request of the protocol, or of a family, carries. */
export type RequestDataOf<Type extends string, Own extends readonly Family[]> = Type extends RequestType
  ? RequestData<Type>
  : StandardSchemaV1.InferInput<FamilyRequestOf<Own, Type>['data']>

/** What its reply carries. */
export type ReplyDataOf<Type extends string, Own extends readonly Family[]> = Type extends RequestType
  ? ReplyData<Type>
  : StandardSchemaV1.InferOutput<FamilyRequestOf<Own, Type>['reply']>

/** What a client tells. */
export interface ClientEvents {
  /** The connection changed: show it. */
  state: ConnectionState
  /** The server could not read a frame of ours, or we one of the server's. A bug on one side. */
  fault: unknown
}

/** One signed-in user of one server: chat and voice over one connection that comes back by itself. */
export class Client<Own extends readonly Family[] = readonly []>
  implements Listenable<ClientEvents & FamilyEvents<Own>>
{
  readonly channels: Channels
  /** What the server has not answered for yet. */
  readonly outbox: Outbox
  readonly voice: Voice
  readonly recorder: Recorder
  readonly #connection: Connection
  readonly #session: Session
  readonly #sender: Sender
  readonly #families: Families
  readonly #emitter = new Emitter<ClientEvents>()

  constructor(runtime: ClientRuntime, options: ClientOptions<Own>) {
    this.#families = new Families(options.families ?? [])
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
      clock: runtime.clock,
      tokens: runtime.tokens,
      label: options.label,
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

  on<Name extends keyof (ClientEvents & FamilyEvents<Own>)>(
    name: Name,
    listener: (event: (ClientEvents & FamilyEvents<Own>)[Name]) => void,
  ): Unsubscribe {
    return this.#emitter.on(name as keyof ClientEvents, listener as (event: unknown) => void)
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

  /** Any request of the protocol or of the application's families, typed; waits for the connection to be live. */
  async request<Type extends RequestType | FamilyRequestType<Own>>(
    type: Type,
    data: RequestDataOf<Type, Own>,
    options: { signal?: AbortSignal } = {},
  ): Promise<ReplyDataOf<Type, Own>> {
    const reply = await this.#connection.requestOther(type, data, options)
    return (await this.#families.reply(type, reply)) as ReplyDataOf<Type, Own>
  }

  /** The user's sessions that still work, on all their devices, the one used last first. */
  async sessions(options: { signal?: AbortSignal } = {}): Promise<readonly SessionSummary[]> {
    return (await this.#connection.request('auth.sessions', {}, options)).sessions
  }

  /** Signs out one of the user's sessions, wherever it is. */
  async endSession(session: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#connection.request('auth.revoke', { session }, options)
  }

  /** The server's wall clock in milliseconds since 1970, whatever the device's own says; the device's before a greeting. */
  serverTime(): Milliseconds {
    return this.#connection.clock.wall()
  }

  /**
   * Something changed around the client: the network is back, the page is visible, the machine woke up. Ends the wait
   * before the next attempt; a connection that is there has to answer within seconds or is replaced.
   */
  wake(): void {
    this.#connection.wake()
  }

  /** Leaves the call and ends the connection; the token stays. */
  async close(): Promise<void> {
    try {
      await this.voice.close()
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
    if (isUp(previous) && !isUp(state)) {
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
      case 'voice.moved':
        return this.voice.moved(event.data as EventData<'voice.moved'>)
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
      default:
        return void this.#families.event(event.type, event.data, {
          emit: (data) => this.#emitter.emit(event.type as keyof ClientEvents, data as never),
          fault: (error) => this.#emitter.emit('fault', error),
        })
    }
  }
}

function isUp({ name }: ConnectionState): boolean {
  return name === 'live' || name === 'leaving'
}

/** ws://host/path is beside http://host, wss beside https. */
function originOf(url: string): string {
  return /^ws(s?:\/\/[^/?#]+)/.exec(url)?.[1]?.replace(/^/, 'http') ?? ''
}

/** Makes a client from what its runtime gives; `@arclight/client-web` and `-node` call it for you. */
export function createClientCore<const Own extends readonly Family[] = readonly []>(
  runtime: ClientRuntime,
  options: ClientOptions<Own>,
): Client<Own> {
  return new Client(runtime, options)
}
