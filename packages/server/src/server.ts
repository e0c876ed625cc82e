import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Cancel, Clock, Family } from '@arclight/core'
import { Emitter, type Listenable, type Unsubscribe } from '@arclight/core/client'
import type { Storage } from '@arclight/core/contracts'
import { CLOSE, type FamilyCall, LIMITS, type Recipients } from '@arclight/core/protocol'
import type { Router } from 'express'
import type { RegistrationState } from './accounts/accounts.ts'
import { createId } from './accounts/token.ts'
import { attachWebSockets } from './adapters/socket/ws.ts'
import { memoryStorage } from './adapters/storage/sqlite/index.ts'
import type { Hook, HooksByType } from './application/hook.ts'
import type { AnyHook } from './application/hooks.ts'
import { ServerChannels } from './application/server-channels.ts'
import { ChannelPurge } from './channels/channel-purge.ts'
import { compose } from './compose.ts'
import { Turn } from './delivery/turn.ts'
import type { Services } from './handlers/handler.ts'
import { Housekeeping } from './housekeeping.ts'
import { routes } from './http/router.ts'
import { addressKey } from './limits/address-key.ts'
import { ConnectionLimits } from './limits/connection-limits.ts'
import { type Peer, Proxies } from './limits/proxies.ts'
import { type Logger, silentLogger } from './log.ts'
import { allowsOrigin } from './origin.ts'
import { Refusal } from './refusal.ts'
import type { ServerEvents, ServerOptions, ServerStats } from './server-options.ts'
import { Session } from './session.ts'
import type { Socket, SocketHandler } from './socket.ts'
import { systemClock } from './system-clock.ts'

/** How often deadlines and heartbeats are looked at: one timer for all sessions. */
const TICK_MS = 100
/** Clients of a server that goes away come back over this time, and over a millisecond for each of many. */
const LEAST_SPREAD_MS = 500
/** The path where clients connect unless told otherwise. */
const DEFAULT_PATH = '/arclight'
/** Who the server's own messages are by. */
const DEFAULT_BOT_NAME = 'server'

/** Chat and voice for as many clients as come; attach it to an http server. */
export class Server implements Listenable<ServerEvents> {
  /** The application's own way to the channels. */
  readonly channels: ServerChannels
  readonly #options: ServerOptions
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #log: Logger
  readonly #turn = new Turn()
  readonly #services: Services
  readonly #purge: ChannelPurge
  readonly #housekeeping: Housekeeping
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

  constructor(options: ServerOptions) {
    this.#options = options
    this.#storage = options.storage ?? memoryStorage()
    this.#clock = options.clock ?? systemClock
    this.#log = options.log ?? silentLogger
    this.#proxies = new Proxies(options.trustedProxies)
    this.#connections = new ConnectionLimits(options.connectionLimits)
    const [storage, clock, log] = [this.#storage, this.#clock, this.#log]
    const purge = new ChannelPurge(storage.channels, log, () => this.#services.uploads.due())
    this.#purge = purge
    this.#services = compose(options, { storage, clock, log, purge, turn: this.#turn, tell: this.#emitter })
    this.#housekeeping = new Housekeeping({ clock, log, purge, services: this.#services })
    this.channels = new ServerChannels({
      ...this.#services,
      botName: options.botName ?? DEFAULT_BOT_NAME,
      ready: () => this.#ready(),
    })
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

  /**
   * Puts a hook between requests and their handlers: of all types, or one for each of some types. Hooks are asked in the order in
   * which they were added, after the rates and the schema, before the handler and its permissions; so are they for messages
   * that come in by webhooks. They see no request that authenticates (`session.resume` among them, so that what a hook
   * refuses to `channel.join` is better a private channel) or whose reply has a token or a secret: no password, token or
   * secret ever reaches a hook. Together they have 5 s for a request, without the handler's own time: past it the request
   * gets `unavailable`, and what they do later reaches nobody. Returns the undo.
   */
  use(hook: Hook | HooksByType): Unsubscribe {
    const { hooks } = this.#services
    return typeof hook === 'function' ? hooks.add(hook as AnyHook) : hooks.addByType(hook as Record<string, AnyHook>)
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

  /** HTTP routes for an express application: `/healthz`, `/readyz`, `/account/export`, `/recordings`, `/uploads`, `/files`, `/webhooks`. */
  routes(): Router {
    return routes({
      services: this.#services,
      ready: () => this.#state === 'ready',
      peerOf: (request) => this.#peerOf(request),
      allowsOrigin: (origin, host) => this.#allowsOrigin(origin, host),
      blobs: this.#options.blobs,
      log: this.#log,
    })
  }

  /** Takes WebSocket upgrades at `path` (default `/arclight`) of an http or https server; other paths are untouched. */
  attach(http: HttpServer, options: { path?: string } = {}): void {
    void this.open().catch(() => {})
    const detach = attachWebSockets(http, {
      path: options.path ?? DEFAULT_PATH,
      allowsOrigin: (origin, host) => this.#allowsOrigin(origin, host),
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
    await this.#services.eraser.close()
    await this.#services.recordings.close()
    await this.#services.uploads.close()
    await this.#services.webhooks.close()
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
    const { accounts, bans, blocks, channels, silences, standings, uploads, webhooks } = this.#services
    await accounts.load()
    await bans.load()
    await blocks.load()
    await silences.load()
    await channels.load(await standings.load())
    await webhooks.open()
    await uploads.open()
    await this.#housekeeping.open()
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

  /** Resolves once requests are served. Throws `unavailable` where they are not any more. */
  async #ready(): Promise<void> {
    await this.open()
    if (this.#state === 'closed') throw new Refusal('unavailable', 'the server is closed')
  }

  #allowsOrigin(origin: string | undefined, host: string | undefined): boolean {
    return allowsOrigin(origin, host, this.#options.allowedOrigins ?? [])
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

  #tick(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      const now = this.#clock.now()
      for (const session of [...this.#sessions]) session.tick(now)
      this.#services.recordings.tick(now)
      this.#services.uploads.tick(now)
      this.#services.rooms.tick(now)
      this.#purge.tick()
      this.#services.eraser.tick()
      this.#services.typing.tick(now)
      this.#services.presence.tick(now)
      this.#services.webhooks.tick(now)
      this.#housekeeping.tick(now)
      this.#tick()
    })
  }
}

function refuse(socket: Socket, code: number, reason: string): SocketHandler {
  socket.close(code, reason)
  return { text: () => {}, binary: () => {}, drained: () => {}, closed: () => {} }
}

/** Makes a server. `createServer()` is a complete one in memory, for tests and for a first minute. */
export function createServer(options: ServerOptions = {}): Server {
  return new Server(options)
}
