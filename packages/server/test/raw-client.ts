import type { ErrorBody } from '@arclight/core'
import { encodeProbe, MediaFlag, MediaKind, readFlags, readKind, readSeq } from '@arclight/core/codec'
import {
  type Authenticated,
  type EventData,
  type EventType,
  type LogEntry,
  type ReplyData,
  type ReplyEnvelope,
  type RequestData,
  type RequestType,
  SUBPROTOCOL,
} from '@arclight/core/protocol'
import WebSocket from 'ws'
import { Inbox } from './inbox.ts'

/** A text frame of the server, parsed. */
export type Envelope = Readonly<Record<string, unknown>>

/** How a raw client connects and behaves. */
export interface RawClientOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the server's probes get their answer; they do unless told. */
  readonly answersProbes?: boolean
}

/** A connection that sends exactly what it is told to, and keeps all that comes. */
export class RawClient {
  /** Events and replies. */
  readonly texts = new Inbox<Envelope>()
  /** Audio and video frames. */
  readonly frames = new Inbox<Uint8Array>()
  /** The server's probes. */
  readonly probes = new Inbox<Uint8Array>()
  /** The server's answers to ours. */
  readonly echoes = new Inbox<Uint8Array>()
  /** Every frame of the server, oldest first. */
  readonly received: (Envelope | Uint8Array)[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #ws: WebSocket
  #answersProbes: boolean
  #nextId = 1
  #authenticated: Authenticated | undefined

  private constructor(ws: WebSocket, answersProbes: boolean) {
    this.#ws = ws
    this.#answersProbes = answersProbes
    ws.on('message', (bytes: Buffer, isBinary) => this.#receive(bytes, isBinary))
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() })
        const why = new Error(`the connection closed with ${code}`)
        for (const inbox of this.#inboxes) inbox.end(why)
      })
    })
  }

  /** Resolves when the WebSocket is open. */
  static async connect(url: string, options: RawClientOptions = {}): Promise<RawClient> {
    const { headers = {}, answersProbes = true } = options
    const ws = new WebSocket(url, SUBPROTOCOL, { headers, perMessageDeflate: false })
    const client = new RawClient(ws, answersProbes)
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
    ws.on('error', () => {})
    return client
  }

  /** Who this connection is, once it has signed in. */
  get authenticated(): Authenticated {
    if (!this.#authenticated) throw new Error('expected a client that has signed in')
    return this.#authenticated
  }

  /** Bytes go out as they are, valid UTF-8 or not. */
  sendText(text: string | Uint8Array): void {
    this.#ws.send(text, { binary: false })
  }

  sendBinary(bytes: Uint8Array): void {
    this.#ws.send(bytes)
  }

  /** Sends a request as it is; the reply is told apart by the id that this returns. */
  post(type: string, data?: unknown): number {
    const id = this.#nextId++
    this.sendText(JSON.stringify({ id, type, ...(data === undefined ? {} : { data }) }))
    return id
  }

  async reply(id: number): Promise<ReplyEnvelope> {
    return (await this.texts.take(({ re }) => re === id)) as unknown as ReplyEnvelope
  }

  /** Any request, well-formed or not, and its reply. */
  request(type: string, data?: unknown): Promise<ReplyEnvelope> {
    return this.reply(this.post(type, data))
  }

  /** A request that must succeed. */
  async ask<Type extends RequestType>(type: Type, data: RequestData<Type>): Promise<ReplyData<Type>> {
    const reply = await this.request(type, data)
    if ('error' in reply) throw new Error(`${type} was refused: ${JSON.stringify(reply.error)}`)
    return reply.data as ReplyData<Type>
  }

  /** A request that must be refused. */
  async refusal(type: string, data?: unknown): Promise<ErrorBody> {
    const reply = await this.request(type, data)
    if (!('error' in reply)) throw new Error(`${type} was not refused: ${JSON.stringify(reply).slice(0, 300)}`)
    return reply.error
  }

  /** The next event of a type that fits. */
  async event<Type extends EventType>(
    type: Type,
    fits: (data: EventData<Type>) => boolean = () => true,
  ): Promise<EventData<Type>> {
    const found = await this.texts.take((one) => one['type'] === type && fits(one['data'] as EventData<Type>))
    return found['data'] as EventData<Type>
  }

  /** The next entry of a channel's log. */
  async entry(): Promise<LogEntry> {
    return (await this.texts.take(({ seq }) => seq !== undefined)) as unknown as LogEntry
  }

  async authenticate<
    Type extends `auth.${'register' | 'login' | 'guest' | 'token' | 'reset' | 'jwt' | 'code'}` | 'session.resume',
  >(type: Type, data: RequestData<Type>): Promise<ReplyData<Type>> {
    const reply = await this.ask(type, data)
    this.#authenticated = reply as Authenticated
    return reply
  }

  /**
   * A round trip: what this connection sent before has been handled, and what the server wrote to it before has come.
   */
  async settle(): Promise<void> {
    const seq = this.#nextId++
    this.sendBinary(encodeProbe({ seq, timestamp: 0, echo: false }))
    await this.echoes.take((frame) => readSeq(frame) === seq)
  }

  /** Answers the server's probes from here on, and those that wait. */
  answerProbes(): void {
    this.#answersProbes = true
    for (const probe of this.probes.takeAll()) this.#answer(probe)
  }

  ignoreProbes(): void {
    this.#answersProbes = false
  }

  /** Takes nothing from the network until `readOn()`. */
  pause(): void {
    this.#ws.pause()
  }

  readOn(): void {
    this.#ws.resume()
  }

  close(): void {
    this.#ws.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const inbox of this.#inboxes) inbox.forget()
    this.#ws.terminate()
    await this.closed
  }

  get #inboxes(): Pick<Inbox<unknown>, 'end' | 'forget'>[] {
    return [this.texts, this.frames, this.probes, this.echoes]
  }

  #receive(bytes: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      const envelope = JSON.parse(bytes.toString()) as Envelope
      this.received.push(envelope)
      return this.texts.push(envelope)
    }
    this.received.push(bytes)
    if (readKind(bytes) !== MediaKind.probe) return this.frames.push(bytes)
    if (readFlags(bytes) & MediaFlag.echo) return this.echoes.push(bytes)
    this.probes.push(bytes)
    if (this.#answersProbes) this.answerProbes()
  }

  #answer(probe: Uint8Array): void {
    this.sendBinary(encodeProbe({ seq: readSeq(probe), timestamp: 0, echo: true }))
  }
}
