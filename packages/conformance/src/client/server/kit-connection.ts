import { type Microseconds, type Milliseconds, toMicroseconds } from '@arclight/core'
import { encodeProbe, MediaFlag, type MediaHeader, MediaKind, readHeader } from '@arclight/core/codec'
import type { WebSocket } from 'ws'
import type { Changes } from '../changes.ts'
import { Judge, type Received } from './judge.ts'

/** A media frame as it came. */
export interface ReceivedFrame extends MediaHeader {
  readonly payload: Uint8Array
  readonly at: Milliseconds
}

/** What a connection tells the server. */
export interface KitConnectionEvents {
  readonly request: (request: Received, connection: KitConnection) => void
  /** Whether a probe is answered. */
  readonly answersProbes: () => boolean
  /** What becomes of a message on its way out. */
  readonly bend: (message: object, connection: KitConnection) => readonly object[]
}

/** One connection of the client under test. */
export class KitConnection {
  /** When it was accepted. */
  readonly openedAt = performance.now()
  /** What the client offered as subprotocols. */
  readonly offered: readonly string[]
  /** Requests, oldest first. */
  readonly received: Received[] = []
  /** Audio and video. */
  readonly frames: ReceivedFrame[] = []
  /** The client's own probes. */
  readonly probes: ReceivedFrame[] = []
  /** The client's answers to ours. */
  readonly echoes: ReceivedFrame[] = []
  /** The channels that it listens to. */
  readonly joined = new Set<string>()
  /** Whether it is told who is there. */
  watches = false
  readonly judge = new Judge()
  /** When and how it ended, as the server sees it. */
  closed: { readonly code: number; readonly at: Milliseconds } | undefined
  readonly #socket: WebSocket
  readonly #changes: Changes
  readonly #events: KitConnectionEvents
  #nextProbe = 1_000

  constructor(socket: WebSocket, offered: readonly string[], changes: Changes, events: KitConnectionEvents) {
    this.#socket = socket
    this.offered = offered
    this.#changes = changes
    this.#events = events
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#binary(new Uint8Array(data as Buffer))
      else this.#text(String(data))
      changes.happened()
    })
    socket.on('error', () => {})
    socket.on('close', (code) => {
      this.closed = { code, at: performance.now() }
      changes.happened()
    })
  }

  /** The types of all requests, oldest first. */
  get types(): string[] {
    return this.received.map(({ type }) => type)
  }

  /** The requests of one type, oldest first. */
  asked(type: string): Received[] {
    return this.received.filter((request) => request.type === type)
  }

  send(message: object): void {
    for (const bent of this.#events.bend(message, this)) this.sendText(JSON.stringify(bent))
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  sendBinary(bytes: Uint8Array): void {
    this.#socket.send(bytes)
  }

  reply({ id, type }: Received, reply: { data: object } | { error: object }): void {
    this.judge.replied(id)
    const track = type === 'track.publish' && 'data' in reply ? (reply.data as { track: number }).track : undefined
    if (track !== undefined) this.judge.published(track)
    this.send({ re: id, ...reply })
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason)
  }

  /** The line is lost. */
  cut(): void {
    this.#socket.terminate()
  }

  /** Takes nothing any more; the kernel's buffers fill. */
  stopReading(): void {
    this.#socket.pause()
  }

  /** Sends a probe; resolves with its answer. */
  async probe(): Promise<ReceivedFrame> {
    const seq = this.#nextProbe++
    this.sendBinary(encodeProbe({ seq, timestamp: nowOnWire(), echo: false }))
    return this.#changes.until(`the answer to probe ${seq}`, () => this.echoes.find((echo) => echo.seq === seq))
  }

  /** Resolves when the other end's socket has read everything that was sent; before the greeting, when nothing else can. */
  async heard(): Promise<void> {
    for (let trip = 0; trip < 3; trip++) {
      await new Promise((resolve) => {
        this.#socket.once('pong', resolve)
        this.#socket.ping()
      })
    }
  }

  /** Resolves when the client has read, and had time to answer, everything that was sent. */
  async settled(): Promise<void> {
    for (let trip = 0; trip < 3; trip++) await this.probe()
  }

  #text(text: string): void {
    const request = this.judge.text(text)
    if (!request) return
    this.received.push(request)
    this.#events.request(request, this)
  }

  #binary(bytes: Uint8Array): void {
    if (!this.judge.binary(bytes)) return
    const frame = { ...readHeader(bytes), payload: bytes.subarray(16), at: performance.now() }
    if (frame.kind !== MediaKind.probe) return void this.frames.push(frame)
    if (frame.flags & MediaFlag.echo) return void this.echoes.push(frame)
    this.probes.push(frame)
    if (this.#events.answersProbes()) this.answer(frame.seq)
  }

  /** Answers a probe of the client's. */
  answer(seq: number): void {
    this.sendBinary(encodeProbe({ seq, timestamp: nowOnWire(), echo: true }))
  }
}

function nowOnWire(): Microseconds {
  return toMicroseconds(performance.now())
}
