import type { Socket } from 'node:net'
import type { ErrorBody } from '@arclight/core'
import { encodeProbe, MediaFlag, MediaKind, readFlags, readHeader, readKind, readSeq } from '@arclight/core/codec'
import {
  type EventData,
  type EventType,
  parseServerEnvelope,
  type ReplyData,
  type ReplyEnvelope,
  type RequestData,
  type RequestType,
  SUBPROTOCOL,
  validate,
} from '@arclight/core/protocol'
import WebSocket from 'ws'
import { CaseFailure, shown } from '../check.ts'
import type { FrameLog } from '../frame-log.ts'
import { type AddressRates, isByAddress, RateUsedUp } from './address-rates.ts'
import { Inbox } from './inbox.ts'

/** A text frame of the server, parsed. */
export type Envelope = Readonly<Record<string, unknown>>

/** How a peer connects and behaves. */
export interface PeerOptions {
  /** What the frame log calls it. */
  readonly name?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the server's probes get their answer; they do unless told. */
  readonly answersProbes?: boolean
}

/** What every peer of a run shares. */
export interface PeerSurroundings {
  readonly url: string
  readonly ca: string | Buffer | undefined
  readonly log: FrameLog
  /** Whether what does not fit its schema is overlooked: before the first case, there is nobody to blame. */
  readonly lenient?: boolean
  /** How long an expected frame may take, milliseconds. */
  readonly timeoutMs: number
  readonly rates: AddressRates
  /** Every token that the run was given, so that it can end its sessions. */
  readonly granted: Set<string>
}

/** A request waits so long for its rate; past it something else is wrong. */
const MOST_RETRYING_MS = 30_000
/** The kit's own ids stay out of the way of those that a case chooses. */
const FIRST_ID = 1_000

/**
 * One end of a WebSocket that sends exactly what it is told to and keeps all that comes. Every reply and event is held
 * against its schema: what does not fit fails the case that sees it.
 */
export class Peer {
  /** Events and replies. */
  readonly texts = new Inbox<Envelope>()
  /** Audio and video frames. */
  readonly frames = new Inbox<Uint8Array>()
  /** The server's probes, with the time at which each came. */
  readonly probes = new Inbox<{ readonly frame: Uint8Array; readonly at: number }>()
  /** The server's answers to ours. */
  readonly echoes = new Inbox<Uint8Array>()
  /** Every frame of the server, oldest first. */
  readonly received: (Envelope | Uint8Array)[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #ws: WebSocket
  readonly #raw: Socket
  readonly #surroundings: PeerSurroundings
  readonly #name: string
  readonly #types = new Map<number, string>()
  #answersProbes: boolean
  #unanswered: Uint8Array[] = []
  #violation: string | undefined
  #nextId = FIRST_ID

  private constructor(ws: WebSocket, raw: Socket, surroundings: PeerSurroundings, options: PeerOptions) {
    this.#ws = ws
    this.#raw = raw
    this.#surroundings = surroundings
    this.#name = options.name ?? 'stranger'
    this.#answersProbes = options.answersProbes ?? true
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        this.#surroundings.log.note(`${this.#name} closed with ${code} ${reason}`)
        resolve({ code, reason: reason.toString() })
        for (const inbox of [this.texts, this.frames, this.probes, this.echoes]) {
          inbox.end(`the connection was closed with ${code} ${reason}`)
        }
      })
    })
  }

  /** Resolves when the WebSocket is open. Throws where the upgrade is refused. */
  static async connect(surroundings: PeerSurroundings, options: PeerOptions = {}): Promise<Peer> {
    const { url, ca, timeoutMs } = surroundings
    const ws = new WebSocket(url, SUBPROTOCOL, {
      headers: { ...options.headers },
      perMessageDeflate: false,
      handshakeTimeout: timeoutMs,
      ...(ca === undefined ? {} : { ca }),
    })
    return new Promise((resolve, reject) => {
      let peer: Peer | undefined
      // In time for what the server sends in one piece with its answer.
      ws.on('upgrade', ({ socket }) => {
        peer = new Peer(ws, socket, surroundings, options)
      })
      ws.on('message', (bytes: Buffer, isBinary) => peer?.receive(bytes, isBinary))
      ws.on('open', () => resolve(peer as Peer))
      ws.on('error', reject)
    })
  }

  get name(): string {
    return this.#name
  }

  /** Bytes go out as they are, valid UTF-8 or not. */
  sendText(text: string | Uint8Array): void {
    this.#surroundings.log.sent(this.#name, typeof text === 'string' ? text : Buffer.from(text).toString())
    this.#ws.send(text, { binary: false }, () => {})
  }

  sendBinary(bytes: Uint8Array): void {
    this.#surroundings.log.sent(this.#name, bytes)
    this.#ws.send(bytes, { binary: true }, () => {})
  }

  /** Everything that `send` sends leaves in one write. */
  together(send: () => void): void {
    this.#raw.cork()
    send()
    this.#raw.uncork()
  }

  /** Sends a request as it is; the reply is told apart by the id that this returns. */
  post(type: string, data?: unknown): number {
    const id = this.#nextId++
    this.#types.set(id, type)
    this.#surroundings.rates.sent(type)
    this.sendText(JSON.stringify({ id, type, ...(data === undefined ? {} : { data }) }))
    return id
  }

  async reply(id: number): Promise<ReplyEnvelope> {
    const what = `a reply to ${this.#types.get(id) ?? 'the request'} with "re": ${id}`
    const reply = await this.texts.take(what, this.#patience, ({ re }) => re === id)
    this.#check()
    return reply as unknown as ReplyEnvelope
  }

  /** Any request and its one reply, whatever it says. */
  once(type: string, data?: unknown): Promise<ReplyEnvelope> {
    return this.reply(this.post(type, data))
  }

  /** As `once`; a rate that is used up is waited for. Throws {@link RateUsedUp} where it is that of the address. */
  async request(type: string, data?: unknown): Promise<ReplyEnvelope> {
    const from = performance.now()
    for (;;) {
      const reply = await this.once(type, data)
      if (!('error' in reply) || reply.error.code !== 'rate_limited') return reply
      if (isByAddress(type)) {
        this.#surroundings.rates.refused(type, reply.error)
        throw new RateUsedUp(type, reply.error)
      }
      const { retryAfterMs } = reply.error
      if (retryAfterMs === undefined || performance.now() - from > MOST_RETRYING_MS) return reply
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs + 1))
    }
  }

  /** A request that must succeed. */
  async ask<Type extends RequestType>(type: Type, data: RequestData<Type>): Promise<ReplyData<Type>> {
    const reply = await this.request(type, data)
    if ('error' in reply) throw CaseFailure.unlike(`${type} to succeed`, reply)
    return reply.data as ReplyData<Type>
  }

  /** A request that must be refused with a code. */
  async refused(type: string, data: unknown, code: ErrorBody['code'], why = ''): Promise<ErrorBody> {
    const reply = await this.request(type, data)
    const expected = `${type}${why && ` ${why}`} to be refused with ${code}`
    if (!('error' in reply) || reply.error.code !== code) throw CaseFailure.unlike(expected, reply)
    return reply.error
  }

  /** The next event of a type that was not taken, and fits. */
  async event<Type extends EventType>(
    type: Type,
    fits: (data: EventData<Type>) => boolean = () => true,
    withinMs = this.#patience,
  ): Promise<EventData<Type>> {
    const found = await this.texts.take(`the event ${type}`, withinMs, (envelope) => {
      return envelope['type'] === type && fits(envelope['data'] as EventData<Type>)
    })
    this.#check()
    return found['data'] as EventData<Type>
  }

  /** Every event of a type that came so far, taken or not. */
  events<Type extends EventType>(type: Type): EventData<Type>[] {
    return this.texts.all.filter((one) => one['type'] === type).map((one) => one['data'] as EventData<Type>)
  }

  /** The next media frame of a track. */
  frame(track: number, withinMs = this.#patience): Promise<Uint8Array> {
    return this.frames.take(`a frame of track ${track}`, withinMs, (frame) => readHeader(frame).track === track)
  }

  /** The media frames of a track that came so far, taken or not. */
  framesOf(track: number): Uint8Array[] {
    return this.frames.all.filter((frame) => readHeader(frame).track === track)
  }

  /**
   * Two round trips: what this peer sent before has been handled, and what the server wrote to it before has come. Two,
   * since an answer to a probe overtakes what waits.
   */
  async settle(): Promise<void> {
    for (let trip = 0; trip < 2; trip++) {
      const seq = this.#nextId++
      this.sendBinary(encodeProbe({ seq, timestamp: 0, echo: false }))
      const what = `an answer to the probe with seq ${seq}`
      await this.echoes.take(what, this.#patience, (frame) => readSeq(frame) === seq)
    }
    this.#check()
  }

  /** Answers the server's probes from here on, and those that wait. */
  answerProbes(): void {
    this.#answersProbes = true
    for (const probe of this.#unanswered.splice(0)) this.#answer(probe)
  }

  ignoreProbes(): void {
    this.#answersProbes = false
  }

  /** A WebSocket ping; resolves with what the pong carries. */
  async ping(payload: string): Promise<string> {
    const answered = new Promise<string>((resolve) => this.#ws.once('pong', (data) => resolve(data.toString())))
    this.#ws.ping(payload)
    return answered
  }

  /** Takes nothing from the network until `readOn()`. */
  pause(): void {
    this.#ws.pause()
  }

  readOn(): void {
    this.#ws.resume()
  }

  /** How the server closes this connection; fails where it does not. */
  async closing(withinMs = this.#patience): Promise<{ code: number; reason: string }> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), withinMs)
    })
    const closed = await Promise.race([this.closed, late])
    clearTimeout(timer)
    if (!closed) throw new CaseFailure(`expected the server to close the connection; it did not within ${withinMs} ms`)
    return closed
  }

  /** As `closing`, with this code. */
  async closedWith(code: number, withinMs = this.#patience): Promise<void> {
    const closed = await this.closing(withinMs)
    if (closed.code !== code) throw CaseFailure.unlike(`the connection to be closed with ${code}`, closed)
  }

  /** Says goodbye as a client that leaves. */
  async close(): Promise<void> {
    this.#ws.close(1000)
    await this.closing()
  }

  /** Is gone without a word; throws what the server said that does not fit its schema. */
  dispose(): void {
    for (const inbox of [this.texts, this.frames, this.probes, this.echoes]) inbox.end('the case is over')
    this.#ws.terminate()
  }

  /** Fails where something of the server's did not fit its schema. */
  check(): void {
    this.#check()
  }

  get #patience(): number {
    return this.#surroundings.timeoutMs
  }

  #check(): void {
    if (this.#violation !== undefined && !this.#surroundings.lenient) throw new CaseFailure(this.#violation)
  }

  /** What the WebSocket hands over. */
  receive(bytes: Buffer, isBinary: boolean): void {
    this.#surroundings.log.came(this.#name, isBinary ? bytes : bytes.toString())
    try {
      if (isBinary) this.#receiveBinary(bytes)
      else this.#receiveText(bytes.toString())
    } catch (error) {
      const came = isBinary ? shown(bytes) : shown(bytes.toString())
      this.#violation ??= `expected a frame of the protocol; ${(error as Error).message}: ${came}`
    }
  }

  #receiveText(text: string): void {
    const envelope = JSON.parse(text) as Envelope
    this.received.push(envelope)
    this.texts.push(envelope)
    const parsed = parseServerEnvelope(text)
    if (parsed.is === 'event') return validate('event', parsed.event.type, parsed.event.data)
    const type = this.#types.get(parsed.reply.re)
    if (type === undefined || 'error' in parsed.reply) return
    validate('reply', type, parsed.reply.data)
    const token = (parsed.reply.data as { token?: unknown } | undefined)?.token
    if (typeof token === 'string') this.#surroundings.granted.add(token)
  }

  #receiveBinary(bytes: Uint8Array): void {
    this.received.push(bytes)
    readHeader(bytes)
    if (readKind(bytes) !== MediaKind.probe) return this.frames.push(bytes)
    if (readFlags(bytes) & MediaFlag.echo) return this.echoes.push(bytes)
    if (this.#answersProbes) this.#answer(bytes)
    else this.#unanswered.push(bytes)
    this.probes.push({ frame: bytes, at: performance.now() })
  }

  #answer(probe: Uint8Array): void {
    this.sendBinary(encodeProbe({ seq: readSeq(probe), timestamp: 0, echo: true }))
  }
}
