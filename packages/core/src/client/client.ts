import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Authenticated, SessionSummary } from '../protocol/auth.ts'
import type { EventEnvelope } from '../protocol/envelope.ts'
import type { Family, FamilyEvents, FamilyRequestOf, FamilyRequestType } from '../protocol/family.ts'
import type { Attachment } from '../protocol/file.ts'
import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { Account, UserSummary } from '../protocol/user.ts'
import type { Milliseconds } from '../time/units.ts'
import { Channels } from './channels/channels.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import { eventHandlers } from './event-handlers.ts'
import { Families } from './families.ts'
import { Files, type UploadOptions } from './files.ts'
import { insist } from './insist.ts'
import type { ClientOptions, ClientRuntime } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import { Presence } from './presence.ts'
import { Recorder } from './recorder/recorder.ts'
import { type SearchOptions, type SearchPage, search } from './search.ts'
import { Sender } from './sender.ts'
import { type Login, Session } from './session.ts'
import { Users } from './users.ts'
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
export class Client<Own extends readonly Family[] = readonly [], Source = unknown>
  implements Listenable<ClientEvents & FamilyEvents<Own>>
{
  readonly channels: Channels
  readonly users: Users
  readonly presence: Presence
  /** What the server has not answered for yet. */
  readonly outbox: Outbox
  readonly voice: Voice
  readonly recorder: Recorder
  /** What messages and users have of files: links to them. */
  readonly files: Pick<Files<Source>, 'link'>
  readonly #files: Files<Source>
  readonly #connection: Connection
  readonly #session: Session
  readonly #sender: Sender
  readonly #families: Families
  readonly #emitter = new Emitter<ClientEvents>()
  /** Who was signed in when the connection was last live. */
  #servedUser: string | undefined
  readonly #handle: (type: string, data: unknown) => boolean

  constructor(runtime: ClientRuntime<Source>, options: ClientOptions<Own>) {
    this.#families = new Families(options.families ?? [])
    const connection = new Connection(runtime, options, {
      greeted: () => {
        this.channels.suspend()
        void this.#session.greeted()
      },
      event: (event) => this.#receive(event),
      media: (frame) => this.voice.media(frame),
      unreadable: (error) => this.#emitter.emit('fault', error),
      wanted: () => this.#session.signedIn,
    })
    this.#connection = connection
    this.#sender = new Sender(connection, { ...runtime, server: options.url })
    this.outbox = new Outbox(this.#sender)
    const { createId, clock } = runtime
    this.channels = new Channels({ connection, sender: this.#sender, createId, clock, user: () => this.user?.id })
    this.users = new Users(connection)
    this.presence = new Presence(connection)
    this.voice = new Voice(connection, runtime)
    const httpUrl = options.httpUrl ?? originOf(options.url)
    this.recorder = new Recorder(connection, runtime, httpUrl)
    const token = (): string | undefined => this.#session.token
    this.#files = new Files({ connection, uploader: runtime.uploader, httpUrl, token })
    this.files = this.#files
    this.#session = new Session({
      connection,
      clock,
      tokens: runtime.tokens,
      label: options.label,
      wants: () => this.#wants(),
      live: (taken, resumed) => this.#wentLive(taken, resumed),
    })
    const { channels, presence, voice, recorder, users } = this
    const fault = (error: unknown): void => this.#emitter.emit('fault', error)
    const session = this.#session
    this.#handle = eventHandlers({
      channels,
      presence,
      voice,
      recorder,
      users,
      session,
      user: () => this.user?.id,
      fault,
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

  /** Makes an account and signs in. `claim` is the first-run code that makes the owner, `invite` what somebody gave. */
  register(
    account: { name: string; password: string; claim?: string; invite?: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<Account> {
    return this.#session.authenticate('auth.register', account, options.signal)
  }

  /**
   * Signs in, with a name and a password, or by an identity provider: `{ jwt }`, or what its page led back with. The session's token
   * is kept, so that `resume()` is enough the next time. Rejects with RequestError `second_factor` where the account has one and
   * `code`, six digits or a recovery code, is missing or wrong.
   */
  login(how: Login, options: { signal?: AbortSignal } = {}): Promise<Account> {
    return this.#session.login(how, options.signal)
  }

  /**
   * Signs in without an account, where the server lets guests in (the capability `guests`): for as long as the session lasts. A
   * name that is taken is answered with another.
   */
  signInAsGuest(guest: { name?: string } = {}, options: { signal?: AbortSignal } = {}): Promise<Account> {
    return this.#session.authenticate('auth.guest', guest, options.signal)
  }

  /** Gives the guest that is signed in a name and a password: they keep what they have, and wrote. */
  claim(
    account: { name: string; password: string; invite?: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<Account> {
    return this.#session.claim(account, options.signal)
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

  /**
   * Pages of messages that hold every word of `query`, the newest first, of all channels that the user may read or of
   * one. Edits and deletions that come later are not told here.
   */
  search(options: SearchOptions): AsyncGenerator<SearchPage, void, undefined> {
    return search(this.#connection, options)
  }

  /**
   * Sends a file to the server, whatever is cut on the way; resolves with what it has become, to be sent with a message:
   * `channel.send({ text, attachments: [file] })`. A day later it is gone unless a message has it. Rejects with RequestError:
   * `too_large`, `quota_reached`, `storage_full`, `unsupported_type`.
   */
  upload(source: Source, options: UploadOptions = {}): Promise<Attachment> {
    return this.#files.upload(source, 'attachment', options)
  }

  /** Makes a picture the user's own, cut to a square; null for none. Everybody is told (`users.on('changed')`). */
  async setAvatar(source: Source | null, options: UploadOptions = {}): Promise<UserSummary> {
    const avatar = source === null ? null : (await this.#files.upload(source, 'avatar', options)).id
    return (await insist(this.#connection, 'user.update', { avatar }, options)).user
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

  #wentLive(taken: Authenticated, resumed: ReplyData<'session.resume'> | undefined): void {
    if (this.user?.id !== this.#servedUser) {
      this.channels.forget()
      this.presence.forget()
    }
    this.#servedUser = this.user?.id
    this.channels.wentLive(resumed?.channels ?? {})
    this.users.wentLive(taken)
    this.presence.wentLive()
    this.voice.resumed(resumed?.voice)
    this.recorder.resumed(resumed?.recordings)
    if (this.user) this.#sender.serve(this.user.id)
    this.#sender.flush()
  }

  #changed(state: ConnectionState, previous: ConnectionState): void {
    if (isUp(previous) && !isUp(state)) {
      this.channels.suspend()
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
    if (this.#handle(event.type, event.data)) return
    void this.#families.event(event.type, event.data, {
      emit: (data) => this.#emitter.emit(event.type as keyof ClientEvents, data as never),
      fault: (error) => this.#emitter.emit('fault', error),
    })
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
export function createClientCore<const Own extends readonly Family[] = readonly [], Source = unknown>(
  runtime: ClientRuntime<Source>,
  options: ClientOptions<Own>,
): Client<Own, Source> {
  return new Client(runtime, options)
}
