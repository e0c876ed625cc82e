import { encodeProbe, MediaFlag, MediaKind, readFlags, readKind, readSeq } from '@arclight/core/codec'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import WebSocket from 'ws'
import { Changes } from '../client/changes.ts'

/** A text frame of the server. */
export type ServerMessage = Readonly<Record<string, unknown>>

/** One connection that sends what it is told to and keeps all that comes. */
export class Line {
  /** Text frames, oldest first. */
  readonly messages: ServerMessage[] = []
  /** Text frames that are no JSON objects, binary ones that are no media. */
  readonly unreadable: string[] = []
  closed: { readonly code: number; readonly reason: string } | undefined
  readonly #socket: WebSocket
  readonly #changes = new Changes()
  readonly #echoes = new Set<number>()
  #nextId = 1
  #nextProbe = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#binary(new Uint8Array(data as Buffer))
      else this.#text(String(data))
      this.#changes.happened()
    })
    socket.on('error', () => {})
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
      this.#changes.end(`the connection closed with ${code} ${String(reason)}`)
    })
  }

  /** Resolves when the server has greeted. */
  static async open(url: string): Promise<Line> {
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false })
    const line = new Line(socket)
    await line.until('session.hello', () => line.messages.find(({ type }) => type === 'session.hello'))
    return line
  }

  until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
    return this.#changes.until(what, look)
  }

  /** Sends a request; returns its id. */
  post(type: string, data: unknown): number {
    const id = this.#nextId++
    this.sendText(JSON.stringify({ id, type, data }))
    return id
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  sendBinary(bytes: Uint8Array): void {
    this.#socket.send(bytes)
  }

  replies(id: number): ServerMessage[] {
    return this.messages.filter(({ re }) => re === id)
  }

  async ask(type: string, data: object): Promise<ServerMessage> {
    const id = this.post(type, data)
    return this.until(`the reply to ${type}`, () => this.replies(id)[0])
  }

  /** A round trip: what was sent before has been read, and what the server wrote before it has come. */
  async settled(): Promise<void> {
    const seq = this.#nextProbe++
    this.sendBinary(encodeProbe({ seq, timestamp: 0, echo: false }))
    await this.until('the answer to a probe', () => this.#echoes.has(seq))
  }

  close(): void {
    this.#socket.close()
  }

  #text(text: string): void {
    try {
      const message: unknown = JSON.parse(text)
      if (typeof message === 'object' && message !== null) return void this.messages.push(message as ServerMessage)
    } catch {
      // It is written down below.
    }
    this.unreadable.push(text.slice(0, 200))
  }

  #binary(bytes: Uint8Array): void {
    if (readKind(bytes) !== MediaKind.probe) return
    if (readFlags(bytes) & MediaFlag.echo) this.#echoes.add(readSeq(bytes))
    else this.sendBinary(encodeProbe({ seq: readSeq(bytes), timestamp: 0, echo: true }))
  }
}
