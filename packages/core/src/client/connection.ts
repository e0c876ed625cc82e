import { HEADER_BYTES, MediaFlag, MediaKind, readHeader } from '../codec/media-header.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { RequestError } from '../errors/request-error.ts'
import { CLOSE, mayReconnect } from '../protocol/close-codes.ts'
import { type EventEnvelope, parseServerEnvelope } from '../protocol/envelope.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { SessionGoaway, SessionHello } from '../protocol/session.ts'
import { SUBPROTOCOL } from '../protocol/subprotocol.ts'
import type { Account } from '../protocol/user.ts'
import { backoff } from '../state/backoff.ts'
import { PendingRequests } from '../state/pending-requests.ts'
import { StateMachine } from '../state/state-machine.ts'
import type { Cancel } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'
import type { ConnectionState } from './connection-state.ts'
import { MediaLink } from './media-link.ts'
import type { ClientOptions, ClientRuntime } from './options.ts'
import { ServerClock } from './server-clock.ts'
import type { Transport, TransportHandlers } from './transport.ts'
import { Turns } from './turns.ts'

/** What the connection tells the client that owns it. */
export interface ConnectionEvents {
  /** The server has greeted this connection; called before anything else on it. */
  greeted(): void
  event(event: EventEnvelope): void
  media(frame: Uint8Array): void
  /** Something from the server could not be read; the frame is ignored. */
  unreadable(error: unknown): void
  /** The connection dropped: whether somebody is signed in, for whom it should come back. */
  wanted(): boolean
}

/** What a connection is told of what the application decides. */
export type ConnectionOptions = Pick<ClientOptions, 'url' | 'requestMs' | 'validate'>

/** How long to wait for a reply, and what gives up waiting sooner. */
export interface AskOptions<Reply = unknown> {
  readonly signal?: AbortSignal | undefined
  /** Called with the reply before anything that came after it is read: events build on what it says. */
  readonly take?: ((reply: Reply) => void) | undefined
  readonly deadline?: Milliseconds | undefined
}

const FIRST_RECONNECT_MS = 500
const MOST_RECONNECT_MS = 15_000
/** The session is over, not the server: whoever signs in again is welcome. */
const SESSION_OVER: ReadonlySet<number> = new Set([CLOSE.revoked, CLOSE.expired])
/** Normal closure (RFC 6455). */
const NORMAL = 1000
/** No close frame was received (RFC 6455): what a dead socket would report. */
const ABNORMAL = 1006

/** Dials, keeps one socket alive and brings it back; knows requests, events and frames but not what they mean. */
export class Connection {
  readonly machine = new StateMachine<ConnectionState>({ name: 'idle' })
  readonly media: MediaLink
  readonly clock: ServerClock
  readonly #runtime: ClientRuntime
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #pending: PendingRequests
  readonly #turns: Turns
  #transport: Transport | undefined
  #cancelRetry: Cancel | undefined
  #cancelGreeting: Cancel | undefined
  #cancelLeaving: Cancel | undefined
  /** Over how long the clients of a server that goes away come back. */
  #spreadMs = 0

  constructor(runtime: ClientRuntime, options: ConnectionOptions, events: ConnectionEvents) {
    this.#runtime = runtime
    this.#options = options
    this.#events = events
    this.#pending = new PendingRequests(runtime.clock)
    this.clock = new ServerClock(runtime.clock)
    this.media = new MediaLink(runtime.clock, this.clock, () => this.drop('probes got no answer'))
    this.#turns = new Turns(runtime.clock)
  }

  get state(): ConnectionState {
    return this.machine.state
  }

  /** Starts connecting unless it is connected or on its way. */
  open(): void {
    const { name } = this.state
    if (name === 'idle' || name === 'closed') this.#dial(0)
    else if (name === 'waiting') this.retryNow()
  }

  /** Something changed around the client: a wait ends, and a connection has to show that it lives. */
  wake(): void {
    if (this.state.name === 'waiting') this.retryNow()
    else this.media.check()
  }

  /** Ends the wait before the next attempt. */
  retryNow(): void {
    if (this.state.name !== 'waiting') return
    const { attempt } = this.state
    this.#cancelRetry?.()
    this.#dial(attempt + 1)
  }

  /** Authentication succeeded: requests may flow, unless the server has said goodbye meanwhile. */
  goLive(hello: SessionHello, user: Account): void {
    this.machine.transition({ name: this.#cancelLeaving ? 'leaving' : 'live', hello, user })
  }

  /** Ends the connection; it stays ended until `open()`. */
  end(error: ConnectionError): void {
    this.#cancelRetry?.()
    const transport = this.#transport
    this.#detach(error.message)
    this.machine.transition({ name: 'closed', error })
    transport?.close(NORMAL, '')
  }

  /** Waits for the connection to be live, within the deadline, then asks. */
  async request<Type extends RequestType>(
    type: Type,
    data: RequestData<Type>,
    options: AskOptions<ReplyData<Type>> = {},
  ): Promise<ReplyData<Type>> {
    if (this.state.name !== 'live') await this.untilLive(type, options.signal)
    return this.ask(type, data, options)
  }

  /** As `request`, for a type that the protocol does not know: an application's own. */
  async requestOther(type: string, data: unknown, options: AskOptions = {}): Promise<unknown> {
    if (this.state.name !== 'live') await this.untilLive(type, options.signal)
    return this.#ask(type, data, options)
  }

  /**
   * As `request`, for what the client does by itself: where the server says that it comes too often, it comes again
   * after the time that the server named.
   */
  persist<Type extends RequestType>(
    type: Type,
    data: RequestData<Type>,
    options: AskOptions<ReplyData<Type>> = {},
  ): Promise<ReplyData<Type>> {
    return this.#turns.run(type, () => this.request(type, data, options))
  }

  /** Asks on the connection as it is: for authentication, which comes before live. */
  async ask<Type extends RequestType>(
    type: Type,
    data: RequestData<Type>,
    options: AskOptions<ReplyData<Type>> = {},
  ): Promise<ReplyData<Type>> {
    const take = options.take as ((data: unknown) => void) | undefined
    return (await this.#ask(type, data, { ...options, take })) as ReplyData<Type>
  }

  async #ask(type: string, data: unknown, { signal, take, deadline = this.#deadline }: AskOptions): Promise<unknown> {
    signal?.throwIfAborted()
    const transport = this.#transport
    if (!transport) throw RequestError.unsent(type, 'there is no connection')
    const { id, reply } = this.#pending.open(type, { deadline, signal, take })
    transport.sendText(JSON.stringify({ id, type, data }))
    return reply
  }

  get #deadline(): number {
    return this.#options.requestMs ?? LIMITS.requestMs
  }

  /** Rejects with RequestError `unsent` where the connection is not live within the deadline. */
  async untilLive(type: string, signal: AbortSignal | undefined): Promise<void> {
    const waited = new AbortController()
    const abort = (): void => waited.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const why = `not connected within ${this.#deadline} ms`
    const cancel = this.#runtime.clock.after(this.#deadline, () => waited.abort(RequestError.unsent(type, why)))
    try {
      await this.machine.until('live', {
        signal: signal?.aborted ? signal : waited.signal,
        refuse: (state) => {
          if (state.name === 'closed') return RequestError.unsent(type, state.error.message, state.error)
          return state.name === 'idle' ? RequestError.unsent(type, 'not signed in') : undefined
        },
      })
    } finally {
      cancel()
      signal?.removeEventListener('abort', abort)
    }
  }

  #dial(attempt: number): void {
    this.machine.transition({ name: 'connecting', attempt })
    const current = (): boolean => this.#transport === transport
    const handlers: TransportHandlers = {
      opened: () => {},
      text: (text) => current() && this.#readText(text),
      binary: (bytes) => current() && this.#readBinary(bytes),
      closed: ({ code, reason }) => current() && this.#closed(code, reason),
    }
    const transport: Transport = this.#runtime.connect(this.#options.url, SUBPROTOCOL, handlers)
    this.#transport = transport
    this.#cancelGreeting = this.#runtime.clock.after(this.#deadline, () => {
      if (current() && this.state.name === 'connecting') this.drop('the server did not greet')
    })
  }

  #readText(text: string): void {
    try {
      const envelope = parseServerEnvelope(text)
      if (envelope.is === 'event') return this.#readEvent(envelope.event)
      const { reply } = envelope
      const type = this.#pending.typeOf(reply.re)
      if (type !== undefined && 'data' in reply) this.#options.validate?.('reply', type, reply.data)
      this.#pending.settle(reply)
    } catch (error) {
      this.#events.unreadable(error)
    }
  }

  #readEvent(event: EventEnvelope): void {
    this.#options.validate?.('event', event.type, event.data)
    if (event.type === 'session.goaway') this.#leave(event.data as SessionGoaway)
    if (event.type !== 'session.hello') return this.#events.event(event)
    if (this.state.name !== 'connecting' || !this.#transport) return
    const { attempt } = this.state
    const hello = event.data as SessionHello
    this.#cancelGreeting?.()
    this.#spreadMs = 0
    this.clock.greeted(hello.clock)
    this.media.attach(this.#transport)
    this.machine.transition({ name: 'greeted', attempt, hello })
    this.#events.greeted()
  }

  /** The server closes soon; one that does not is left. */
  #leave({ withinMs, spreadMs }: SessionGoaway): void {
    this.#spreadMs = spreadMs
    this.#cancelLeaving?.()
    this.#cancelLeaving = this.#runtime.clock.after(withinMs, () => this.drop('the server went away'))
    if (this.state.name !== 'live') return
    const { hello, user } = this.state
    this.machine.transition({ name: 'leaving', hello, user })
  }

  #readBinary(frame: Uint8Array): void {
    try {
      const header = readHeader(frame)
      if (header.kind !== MediaKind.probe) return this.#events.media(frame)
      if (frame.length !== HEADER_BYTES) return
      if (header.flags & MediaFlag.echo) this.media.answered(header.seq, header.timestamp)
      else this.media.answer(header.seq)
    } catch (error) {
      this.#events.unreadable(error)
    }
  }

  /** Lets go of a socket that is of no use any more; the next attempt follows. */
  drop(why: string): void {
    const transport = this.#transport
    if (!transport) return
    this.#closed(ABNORMAL, why)
    transport.close(NORMAL, why)
  }

  #closed(code: number, reason: string): void {
    const before = this.state
    this.#detach(`the connection closed: ${code} ${reason}`.trim())
    if (!mayReconnect(code)) {
      const error = SESSION_OVER.has(code)
        ? ConnectionError.sessionOver(code, reason)
        : ConnectionError.refused(code, reason)
      return this.machine.transition({ name: 'closed', error })
    }
    if (!this.#events.wanted()) return this.machine.transition({ name: 'idle' })
    this.#retry(before, reason || `closed with code ${code}`)
  }

  #retry(before: ConnectionState, reason: string): void {
    const attempt = before.name === 'connecting' || before.name === 'greeted' ? before.attempt : 0
    const { random } = this.#runtime
    const first = Math.max(FIRST_RECONNECT_MS, this.#spreadMs)
    const wait = backoff(attempt, { first, most: MOST_RECONNECT_MS, random })
    this.#cancelRetry = this.#runtime.clock.after(wait, () => this.#dial(attempt + 1))
    this.machine.transition({ name: 'waiting', attempt, retryAt: this.#runtime.clock.now() + wait, reason })
  }

  #detach(why: string): void {
    this.#transport = undefined
    this.#cancelGreeting?.()
    this.#cancelLeaving?.()
    this.#cancelLeaving = undefined
    this.media.detach()
    this.#pending.abandon(why)
    this.#turns.end(why)
  }
}
