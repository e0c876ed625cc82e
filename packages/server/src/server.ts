import { randomUUID } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Cancel, Clock, Family, HandledFamily, Message, Milliseconds } from '@arclight/core'
import { Emitter, type Listenable, type Unsubscribe } from '@arclight/core/client'
import type { BlobStore, Muxer, Storage } from '@arclight/core/contracts'
import { CLOSE, type FamilyCall, LIMITS, RATES, type Recipients } from '@arclight/core/protocol'
import type { Router } from 'express'
import { Accounts, type RegistrationState } from './accounts/accounts.ts'
import type { Claim } from './accounts/claim.ts'
import { Sessions } from './accounts/sessions.ts'
import { createId } from './accounts/token.ts'
import { attachWebSockets } from './adapters/socket/ws.ts'
import { memoryStorage } from './adapters/storage/sqlite/index.ts'
import { Channels } from './channels/channels.ts'
import { Turn } from './delivery/turn.ts'
import { Families } from './families/families.ts'
import type { Services } from './handlers/handler.ts'
import { routes } from './http/router.ts'
import { addressKey } from './limits/address-key.ts'
import { ConnectionLimits, type ConnectionLimitsOption } from './limits/connection-limits.ts'
import { type Peer, Proxies } from './limits/proxies.ts'
import { RateLimiter, type RateLimits } from './limits/rate-limiter.ts'
import { LiveSessions } from './live-sessions.ts'
import { type Logger, silentLogger } from './log.ts'
import { allowsOrigin } from './origin.ts'
import { Links } from './recording/links.ts'
import { Recordings } from './recording/recordings.ts'
import { Session } from './session.ts'
import type { Socket, SocketHandler } from './socket.ts'
import { systemClock } from './system-clock.ts'
import { Tracks } from './tracks/tracks.ts'
import { Rooms } from './voice/rooms.ts'

/** How often deadlines and heartbeats are looked at: one timer for all sessions. */
const TICK_MS = 100
/** How often what has expired is forgotten. */
const HOUSEKEEPING_MS = 3_600_000
/** Clients of a server that goes away come back over this time, and over a millisecond for each of many. */
const LEAST_SPREAD_MS = 500
/** The path where clients connect unless told otherwise. */
const DEFAULT_PATH = '/arclight'

/** What a server is made of; without any option it is complete and in memory. */
export interface ServerOptions {
  /** Everything durable; in memory unless told. The server opens and closes it. */
  readonly storage?: Storage | undefined
  /** What writes recordings, `nodeAvMuxer()`; without it the server does not record. Needs `blobs`. */
  readonly muxer?: Muxer | undefined
  /** Where recordings are kept. */
  readonly blobs?: BlobStore | undefined
  /** Signs links, at least 32 characters; made anew at each start unless told, so that links end with the process. */
  readonly secretKey?: string | undefined
  /** Whether anybody may make an account; open unless told. */
  readonly registration?: 'open' | 'closed' | undefined
  /** With a claim nobody registers before the owner, who needs its code. */
  readonly claim?: Claim | undefined
  /** How long a session lasts that nobody uses, in milliseconds; 30 days unless told. */
  readonly sessionLifetimeMs?: Milliseconds | undefined
  /** Origins of pages, beside the server's own, that may connect: `https://chat.example.org`. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Messages of the application's own: `defineFamily(…).handle(…)`. */
  readonly families?: readonly HandledFamily[] | undefined
  /** How often a user may ask what; the protocol's RATES unless told, or `off`. */
  readonly rateLimits?: RateLimits | undefined
  /** How many connections there may be; the protocol's LIMITS unless told, or `off`. */
  readonly connectionLimits?: ConnectionLimitsOption | undefined
  /**
   * Addresses and CIDRs of the proxies in front of the server, whose forwarded headers are believed; none unless told.
   */
  readonly trustedProxies?: readonly string[] | undefined
  readonly log?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** What a server tells the application around it. */
export interface ServerEvents {
  /** A message was stored. */
  message: { message: Message }
}

/** A server's figures since it was made. */
export interface ServerStats {
  readonly sessions: number
  readonly rooms: number
  /** Media frames taken for relaying. */
  readonly relayed: number
  /** Media frames dropped because their track was unknown or another's. */
  readonly foreign: number
  /** Frames dropped because their track or their connection sent too many. */
  readonly excess: number
  /** Process ids of the media hosts that run. */
  readonly mediaHosts: readonly number[]
}

/** Chat and voice for as many clients as come; attach it to an http server. */
export class Server implements Listenable<ServerEvents> {
  readonly #options: ServerOptions
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #log: Logger
  readonly #turn = new Turn()
  readonly #services: Services
  readonly #sessions = new Set<Session>()
  readonly #emitter = new Emitter<ServerEvents>()
  readonly #detach: Cancel[] = []
  readonly #proxies: Proxies
  readonly #connections: ConnectionLimits
  #warnedOfProxy = false
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #id = ''
  #accepted = 0
  #state: 'new' | 'ready' | 'closed' = 'new'
  #cancelTick: Cancel = () => {}
  #housekeepAt: Milliseconds = 0

  constructor(options: ServerOptions) {
    this.#options = options
    this.#storage = options.storage ?? memoryStorage()
    this.#clock = options.clock ?? systemClock
    this.#log = options.log ?? silentLogger
    const { claim, registration = 'open', sessionLifetimeMs: lifetime = LIMITS.sessionMs } = options
    this.#proxies = new Proxies(options.trustedProxies)
    this.#connections = new ConnectionLimits(options.connectionLimits)
    const [storage, clock, log] = [this.#storage, this.#clock, this.#log]
    const live = new LiveSessions()
    const channels = new Channels(storage, (message) => this.#emitter.emit('message', { message }))
    const families = new Families(options.families ?? [], { channels, live })
    const rates = new RateLimiter(clock, withFamilies(options.rateLimits, families))
    const tracks = new Tracks(clock, () => rates.meter('track'))
    this.#services = {
      storage,
      clock,
      accounts: new Accounts({ storage, clock, registration, claim }),
      sessions: new Sessions({ storage, clock, lifetime }),
      live,
      families,
      channels,
      tracks,
      rooms: new Rooms(this.#turn, clock, tracks),
      recordings: new Recordings({ storage, clock, log, tracks, muxer: options.muxer, blobs: options.blobs }),
      links: new Links(options.secretKey ?? randomUUID() + randomUUID(), clock),
      rates,
    }
  }

  get stats(): ServerStats {
    const { recordings, rooms, tracks } = this.#services
    return { sessions: this.#sessions.size, rooms: rooms.size, ...tracks.stats, mediaHosts: recordings.hostPids }
  }

  /** Who may make an account now; `claim` until the owner has. */
  get registration(): RegistrationState {
    return this.#services.accounts.registration
  }

  /** Why this server does not record; undefined where it does. Known once it is open. */
  get notRecording(): string | undefined {
    return this.#services.recordings.unavailable
  }

  on<Name extends keyof ServerEvents>(name: Name, listener: (event: ServerEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** Sends an event of one of the application's families, to everybody who is signed in unless told. */
  emit<Events extends Family['events'], Type extends keyof Events & string>(
    family: { readonly name: string; readonly events: Events },
    type: Type,
    data: Parameters<FamilyCall<unknown, Pick<Events, Type>>['emit']>[1],
    to?: Recipients,
  ): void {
    this.#services.families.emit(family, type, data, to)
  }

  /** Opens storage. Attaching does it too; call it first to learn of a failure. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** HTTP routes for an express application: `/healthz`, `/readyz`, `/recordings`, `/recordings/<id>`. */
  routes(): Router {
    return routes({
      ...this.#services,
      ready: () => this.#state === 'ready',
      peerOf: (request) => this.#peerOf(request),
      blobs: this.#options.blobs,
      log: this.#log,
    })
  }

  /** Takes WebSocket upgrades at `path` (default `/arclight`) of an http or https server; other paths are untouched. */
  attach(http: HttpServer, options: { path?: string } = {}): void {
    void this.open().catch(() => {})
    const { allowedOrigins = [] } = this.#options
    const detach = attachWebSockets(http, {
      path: options.path ?? DEFAULT_PATH,
      allowsOrigin: (origin, host) => allowsOrigin(origin, host, allowedOrigins),
      peerOf: (request) => this.#peerOf(request),
      refusal: ({ address }) => this.#connections.refusal(addressKey(address)),
      accept: (socket, { local }) => this.accept(socket, { local }),
    })
    this.#detach.push(detach)
  }

  /** Takes a connection from any transport. `local`: it comes from this machine. */
  accept(socket: Socket, { local }: { local: boolean }): SocketHandler {
    const address = addressKey(socket.remoteAddress)
    if (this.#state !== 'ready') return refuse(socket, CLOSE.restarting, 'the server is not ready')
    if (this.#connections.refusal(address)) return refuse(socket, CLOSE.crowded, 'too many connections')
    const slot = this.#connections.open(address)
    const id = `m${(++this.#accepted).toString(36)}-${this.#id}`
    const session: Session = new Session({
      id,
      server: this.#id,
      socket,
      local,
      addressKey: address,
      services: this.#services,
      turn: this.#turn,
      log: this.#log,
      admits: (user) => slot.authenticate(user),
      ended: () => {
        slot.release()
        this.#sessions.delete(session)
      },
    })
    this.#sessions.add(session)
    return session
  }

  /** Finishes what was accepted, tells clients to come back, closes storage. The http server stays the caller's. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#state = 'closed'
    for (const detach of this.#detach) detach()
    await this.#drain()
    for (const session of [...this.#sessions]) session.close(CLOSE.restarting, 'the server is restarting')
    await this.#opening?.catch(() => {})
    // A host that is stuck is killed by the tick.
    await this.#services.recordings.close()
    this.#cancelTick()
    this.#services.rates.close()
    await this.#storage.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Says goodbye, and waits for the requests under way, within bounds. */
  async #drain(): Promise<void> {
    const spreadMs = Math.max(LEAST_SPREAD_MS, this.#sessions.size)
    const goaway = { withinMs: LIMITS.drainMs, spreadMs }
    const drained = Promise.all([...this.#sessions].map((session) => session.drain(goaway)))
    let cancel: Cancel = () => {}
    const late = new Promise((resolve) => {
      cancel = this.#clock.after(LIMITS.drainMs, () => resolve(undefined))
    })
    await Promise.race([drained, late])
    cancel()
  }

  async #open(): Promise<void> {
    this.#id = await createId()
    await this.#storage.open()
    await this.#services.accounts.load()
    await this.#services.sessions.prune()
    await this.#services.channels.load()
    this.#housekeepAt = this.#clock.now() + HOUSEKEEPING_MS
    this.#tick()
    try {
      await this.#services.recordings.open()
    } catch (error) {
      this.#cancelTick()
      throw error
    }
    if (this.#state === 'closed') return
    this.#state = 'ready'
    this.#log.info({ channels: this.#services.channels.list().length }, 'storage is open')
  }

  /** Behind a proxy that is not trusted all clients are one address, which the limits then hit: said once. */
  #peerOf(request: IncomingMessage): Peer {
    const peer = this.#proxies.peerOf(request)
    if (peer.untrustedProxy && !this.#warnedOfProxy) {
      this.#warnedOfProxy = true
      const { address } = peer
      this.#log.warn({ address }, 'forwarded headers come from an address that is not among the trusted proxies')
    }
    return peer
  }

  /** A failure is the disk's, and told where it matters. */
  #housekeep(now: Milliseconds): void {
    if (now < this.#housekeepAt) return
    this.#housekeepAt = now + HOUSEKEEPING_MS
    this.#services.sessions.prune().catch((error: unknown) => {
      this.#log.error({ error }, 'expired sessions could not be forgotten')
    })
  }

  #tick(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      const now = this.#clock.now()
      for (const session of [...this.#sessions]) session.tick(now)
      this.#services.recordings.tick(now)
      this.#services.rooms.tick(now)
      this.#housekeep(now)
      this.#tick()
    })
  }
}

function refuse(socket: Socket, code: number, reason: string): SocketHandler {
  socket.close(code, reason)
  return { text: () => {}, binary: () => {}, drained: () => {}, closed: () => {} }
}

/** Each request of a family is counted by itself, at its own rate unless the operator says otherwise. */
function withFamilies(limits: RateLimits = {}, families: Families): RateLimits {
  return limits === 'off' ? limits : { ...families.rates(limits['*'] ?? RATES['*']), ...limits }
}

/** Makes a server. `createServer()` is a complete one in memory, for tests and for a first minute. */
export function createServer(options: ServerOptions = {}): Server {
  return new Server(options)
}
