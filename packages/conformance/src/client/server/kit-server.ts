import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Milliseconds } from '@arclight/core'
import {
  type LogEntry,
  type ReadMarker,
  type SessionHello,
  SUBPROTOCOL,
  type UserPresence,
} from '@arclight/core/protocol'
import { FakeLog } from '@arclight/core/testing'
import { WebSocketServer } from 'ws'
import type { Changes } from '../changes.ts'
import { type Answer, goodAnswers, refusal } from './answers.ts'
import type { Received } from './judge.ts'
import { KitConnection } from './kit-connection.ts'
import { MISBEHAVIOURS, type Misbehaviour } from './misbehaviours.ts'
import { ACCOUNT, FIRST_TOKEN, helloAt, OTHER } from './wire-data.ts'

/** Changes what leaves: nothing, another message, more than one. */
export type Bend = (message: Record<string, unknown>, connection: KitConnection) => readonly object[]

/** A request whose answer is held back. */
export interface Held {
  readonly request: Received
  readonly connection: KitConnection
  /** Answers as a good server would, or with what is given. */
  release(says?: Answer): void
}

/** A server on a real socket that is good until it is told to misbehave. */
export class KitServer {
  /** Connections that got as far as a WebSocket, oldest first. */
  readonly connections: KitConnection[] = []
  /** TCP connections, WebSockets or not. */
  sockets = 0
  /** When upgrades were refused. */
  readonly refusals: Milliseconds[] = []
  /** What it does with each type of request. */
  readonly answers: Record<string, Answer> = goodAnswers(this)
  readonly bends: Bend[] = []
  /** Undefined leaves a connection without a greeting. */
  hello: ((good: SessionHello) => SessionHello) | undefined = (good) => good
  /** What each upgrade is met with. */
  door: 'open' | 'refuses' | 'silent' = 'open'
  answersProbes = true
  announces = true
  /** How far its wall clock is ahead of the machine's. */
  clockAheadMs: Milliseconds = 0
  token = FIRST_TOKEN
  /** How far the account has read each channel. */
  readonly read = new Map<string, number>()
  /** Who is there, by id. */
  readonly present = new Map<string, UserPresence>()
  readonly #changes: Changes
  readonly #http: Server
  readonly #open = new Set<Socket>()
  readonly #logs = new Map<string, FakeLog>()
  #tracks = 6

  private constructor(changes: Changes) {
    this.#changes = changes
    this.#http = createServer((_request, response) => response.writeHead(404).end())
    this.#http.on('connection', (socket) => {
      this.sockets += 1
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
      changes.happened()
    })
    const acceptor = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    })
    this.#http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {})
      if (this.door === 'silent') return
      if (this.door === 'refuses') {
        this.refusals.push(performance.now())
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        return changes.happened()
      }
      acceptor.handleUpgrade(request, socket, head, (accepted) => {
        const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
        const connection = new KitConnection(accepted, offered, changes, {
          request: (asked, on) => this.#answer(asked, on),
          answersProbes: () => this.answersProbes,
          bend: (message, on) => this.#bend(message, on),
        })
        this.connections.push(connection)
        if (this.hello) this.greet(connection)
        changes.happened()
      })
    })
  }

  static async start(changes: Changes): Promise<KitServer> {
    const server = new KitServer(changes)
    server.#http.listen(0, '127.0.0.1')
    await once(server.#http, 'listening')
    return server
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/arclight`
  }

  /** The newest connection. */
  get connection(): KitConnection {
    const newest = this.connections.at(-1)
    if (!newest) throw new Error('the client has not connected')
    return newest
  }

  /** What every client's every frame is held to. */
  get faults(): string[] {
    return this.connections.flatMap(({ judge }) => judge.faults)
  }

  /** The time, as the server has it. */
  wall(): Milliseconds {
    return Date.now() + this.clockAheadMs
  }

  log(channel: string): FakeLog {
    const known = this.#logs.get(channel)
    if (known) return known
    const log = new FakeLog(channel)
    this.#logs.set(channel, log)
    return log
  }

  /** Starts to misbehave in this way; see MISBEHAVIOURS. */
  misbehave(how: Misbehaviour): void {
    MISBEHAVIOURS[how].begin(this)
  }

  greet(connection: KitConnection): void {
    const hello = helloAt(this.wall(), Math.round(performance.now() * 1000))
    connection.send({ type: 'session.hello', data: (this.hello ?? ((good) => good))(hello) })
  }

  /** Somebody else writes; `quietly` tells nobody. */
  post(channel: string, texts: readonly string[], { quietly = false } = {}): void {
    for (const text of texts) {
      const appended = this.log(channel).append({ author: OTHER, clientId: `other-${this.log(channel).head}`, text })
      if (appended !== 'out_of_order' && !quietly) this.announce(appended.entry)
    }
  }

  /** Whoever joined the channel gets the entry, if there is one. */
  announce(entry: LogEntry | undefined): void {
    if (!this.announces || !entry) return
    for (const connection of this.connections) {
      if (!connection.closed && connection.joined.has(entry.channel)) connection.send(entry)
    }
  }

  /** What the account has read of a channel, and what is left. */
  marker(channel: string): ReadMarker {
    const seq = this.read.get(channel) ?? 0
    const { messages } = this.log(channel)
    const left = messages.filter((message) => message.seq > seq)
    const mentions = left.filter((message) => message.mentions?.includes(ACCOUNT.id)).length
    return { seq, ordinal: messages.length - left.length, unread: left.length, mentions }
  }

  /** Whoever watches gets how a user is shown from now on; `quietly` tells nobody. */
  show(presence: UserPresence, { quietly = false } = {}): void {
    if (presence.status === 'offline') this.present.delete(presence.user.id)
    else this.present.set(presence.user.id, presence)
    for (const connection of quietly ? [] : this.connections) {
      if (connection.watches && !connection.closed) connection.send({ type: 'presence.changed', data: presence })
    }
  }

  nextTrack(connection: KitConnection): number {
    this.#tracks += 1
    connection.judge.published(this.#tracks)
    return this.#tracks
  }

  /** Holds back the answers to a type from now on. */
  hold(type: string): Held[] {
    const good = this.answers[type]
    const held: Held[] = []
    this.answers[type] = (data, connection) => {
      const request = connection.received.at(-1) as Received
      const release = (says: Answer | undefined = good): void => {
        const answered = says?.(data, connection)
        if (answered) this.#reply(connection, request, answered)
      }
      held.push({ request, connection, release })
      return undefined
    }
    return held
  }

  /** Does something else with the next request of a type, then what it did before. */
  once(type: string, answer: Answer): void {
    const before = this.answers[type]
    this.answers[type] = (data, connection) => {
      if (before) this.answers[type] = before
      return answer(data, connection)
    }
  }

  /** Resolves with the request number `nth` of a type, from 1, on any connection. */
  asked(type: string, nth = 1): Promise<Received> {
    return this.#changes.until(
      `request ${nth} of the type ${type}`,
      () => this.connections.flatMap((connection) => connection.asked(type))[nth - 1],
    )
  }

  /** Resolves with connection number `nth`, from 1. */
  connected(nth: number): Promise<KitConnection> {
    return this.#changes.until(`connection ${nth}`, () => this.connections[nth - 1])
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await new Promise<unknown>((resolve) => this.#http.close(resolve))
  }

  #answer(request: Received, connection: KitConnection): void {
    const answer = this.answers[request.type]
    const says = answer ? answer(request.data as never, connection) : refusal('unknown_type')
    if (says) this.#reply(connection, request, says)
  }

  #reply(connection: KitConnection, request: Received, says: Exclude<ReturnType<Answer>, undefined>): void {
    if ('data' in says && 'token' in says.data && request.type !== 'auth.refresh') connection.judge.isSignedIn = true
    connection.reply(request, says)
  }

  #bend(message: object, connection: KitConnection): readonly object[] {
    let messages: readonly object[] = [message]
    for (const bend of this.bends) {
      messages = messages.flatMap((one) => bend(one as Record<string, unknown>, connection))
    }
    return messages
  }
}
