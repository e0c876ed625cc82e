import { encodeProbe, MediaFlag, MediaKind, readFlags, readKind, readSeq } from '@arclight/core/codec'
import type { ReplyData, RequestData, RequestType } from '@arclight/core/protocol'
import type { Server, SocketHandler } from '@arclight/server'
import { Inbox } from './inbox.ts'
import { framesOf, parsed, RecordingSocket, type WrittenFrame } from './recording-socket.ts'
import { PASSWORD } from './running-server.ts'

const TEXT = 1

/** What a server wrote in one call, told apart. */
export interface WrittenItem {
  readonly text?: Readonly<Record<string, unknown>>
  readonly media?: Uint8Array
  /** A probe of the server's. */
  readonly probe?: number
  /** The server's answer to one of ours. */
  readonly echo?: number
}

/** A connection without a network, so that the test sees each write and decides how much the network takes. */
export class InProcessClient {
  readonly socket: RecordingSocket
  readonly handler: SocketHandler
  readonly #texts = new Inbox<Readonly<Record<string, unknown>>>()
  #token = ''
  #nextId = 1

  constructor(server: Server, options: { local?: boolean; address?: string } = {}) {
    this.socket = new RecordingSocket((bytes) => this.#written(bytes), options.address)
    this.handler = server.accept(this.socket, { local: options.local ?? true })
  }

  /** One that has an account of its own and has taken its greeting. */
  static async signIn(server: Server, name: string): Promise<InProcessClient> {
    const client = new InProcessClient(server)
    client.#token = (await client.ask('auth.register', { name, password: PASSWORD })).token
    client.takeWrites()
    return client
  }

  /** The session's, for another connection of the same user. */
  get token(): string {
    return this.#token
  }

  /** Resolves when the server has closed this connection. */
  closing(): Promise<{ code: number; reason: string }> {
    return this.socket.closed
  }

  post(type: string, data: unknown = {}): number {
    const id = this.#nextId++
    this.handler.text(JSON.stringify({ id, type, data }))
    return id
  }

  reply(id: number): Promise<Readonly<Record<string, unknown>>> {
    return this.#texts.take(({ re }) => re === id)
  }

  async ask<Type extends RequestType>(type: Type, data: RequestData<Type>): Promise<ReplyData<Type>> {
    const reply = await this.reply(this.post(type, data))
    if (reply['error']) throw new Error(`${type} was refused: ${JSON.stringify(reply['error'])}`)
    return reply['data'] as ReplyData<Type>
  }

  /** Each write since the last call, with what it held. */
  takeWrites(): WrittenItem[][] {
    return this.socket.writes.splice(0).map((bytes) => framesOf(bytes).map(itemOf))
  }

  /** Answers the server's probe. */
  answer(seq: number): void {
    this.handler.binary(encodeProbe({ seq, timestamp: 0, echo: true }))
  }

  #written(bytes: Buffer): void {
    for (const frame of framesOf(bytes)) if (frame.opcode === TEXT) this.#texts.push(parsed(frame))
  }
}

function itemOf(frame: WrittenFrame): WrittenItem {
  if (frame.opcode === TEXT) return { text: parsed(frame) }
  const { payload } = frame
  if (readKind(payload) !== MediaKind.probe) return { media: payload }
  return readFlags(payload) & MediaFlag.echo ? { echo: readSeq(payload) } : { probe: readSeq(payload) }
}
