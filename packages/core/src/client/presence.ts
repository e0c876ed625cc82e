import type { PresenceStatus, UserPresence } from '../protocol/presence.ts'
import type { ReplyData } from '../protocol/requests.ts'
import type { CallOptions } from './channels/channel.ts'
import type { Connection } from './connection.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import { insist } from './insist.ts'

/** What a watch tells. */
export interface PresenceEvents {
  /** Somebody came, went (`offline`), or is shown otherwise. */
  changed: UserPresence
  /** The server did not say after a reconnect who is there: it is asked again after the next. */
  stalled: unknown
}

/** Who is there, as all watches know it. */
interface Roster {
  readonly users: Map<string, UserPresence>
  /** How many more are there. */
  unnamed: number
}

/** Who is there, until it is closed: through reconnects too, after which it tells what has changed meanwhile. */
export class PresenceWatch implements Listenable<PresenceEvents> {
  readonly #roster: Roster
  readonly #emitter: Emitter<PresenceEvents>
  readonly #closed: () => Promise<void>

  constructor(roster: Roster, emitter: Emitter<PresenceEvents>, closed: () => Promise<void>) {
    this.#roster = roster
    this.#emitter = emitter
    this.#closed = closed
  }

  /** How a user is shown; `offline` also where the server has not named them. */
  get(user: string): PresenceStatus {
    return this.#roster.users.get(user)?.status ?? 'offline'
  }

  /** Everybody who is there and was named: the first 500, and whoever has changed since. */
  get users(): readonly UserPresence[] {
    return [...this.#roster.users.values()]
  }

  /** How many are there, those too that were not named. */
  get count(): number {
    return this.#roster.users.size + this.#roster.unnamed
  }

  on<Name extends keyof PresenceEvents>(name: Name, listener: (event: PresenceEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** Ends this watch; with the last one the server tells nothing more. */
  async close(): Promise<void> {
    this.#emitter.clear()
    await this.#closed()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Who is there, and how the user is shown to others. */
export class Presence {
  readonly #connection: Connection
  readonly #roster: Roster = { users: new Map(), unnamed: 0 }
  readonly #watches = new Set<Emitter<PresenceEvents>>()
  /** What was set, unless another device has set something else since. */
  #status: PresenceStatus = 'online'

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Resolves when it is known who is there. */
  async watch({ signal }: CallOptions = {}): Promise<PresenceWatch> {
    const emitter = new Emitter<PresenceEvents>()
    this.#watches.add(emitter)
    try {
      await insist(this.#connection, 'presence.watch', {}, { signal, take: (reply) => this.#learn(reply) })
    } catch (error) {
      this.#watches.delete(emitter)
      throw error
    }
    return new PresenceWatch(this.#roster, emitter, () => this.#close(emitter))
  }

  /** Says how the user is shown, on all their devices, again after each reconnect. `offline` hides them. */
  async set(status: PresenceStatus, { signal }: CallOptions = {}): Promise<void> {
    const before = this.#status
    this.#status = status
    try {
      await insist(this.#connection, 'presence.set', { status }, { signal })
    } catch (error) {
      if (this.#status === status) this.#status = before
      throw error
    }
  }

  wentLive(): void {
    const ask = this.#connection.persist.bind(this.#connection)
    const stalled = (error: unknown): void => this.#tell('stalled', error)
    if (this.#status !== 'online') ask('presence.set', { status: this.#status }).catch(stalled)
    if (this.#watches.size > 0) ask('presence.watch', {}, { take: (reply) => this.#learn(reply) }).catch(stalled)
  }

  /** Another user is signed in. */
  forget(): void {
    this.#status = 'online'
    this.#roster.users.clear()
  }

  /** `isOwn`: it is the user of this client, who may have set it on another device. */
  changed(presence: UserPresence, isOwn: boolean): void {
    if (isOwn) this.#status = presence.status
    this.#put(presence)
    this.#tell('changed', presence)
  }

  #learn({ present, count }: ReplyData<'presence.watch'>): void {
    const { users } = this.#roster
    const before = new Map(users)
    users.clear()
    for (const presence of present) this.#put(presence)
    this.#roster.unnamed = Math.max(0, count - present.length)
    for (const presence of present) {
      if (before.get(presence.user.id)?.status !== presence.status) this.#tell('changed', presence)
    }
    for (const [id, { user }] of before) if (!users.has(id)) this.#tell('changed', { user, status: 'offline' })
  }

  #put(presence: UserPresence): void {
    const { users } = this.#roster
    if (presence.status === 'offline') users.delete(presence.user.id)
    else users.set(presence.user.id, presence)
  }

  #tell<Name extends keyof PresenceEvents>(name: Name, event: PresenceEvents[Name]): void {
    for (const emitter of this.#watches) emitter.emit(name, event)
  }

  async #close(emitter: Emitter<PresenceEvents>): Promise<void> {
    if (!this.#watches.delete(emitter) || this.#watches.size > 0) return
    this.#roster.users.clear()
    // A connection that is gone has ended it.
    if (this.#connection.state.name === 'live') await this.#connection.persist('presence.unwatch', {}).catch(() => {})
  }
}
