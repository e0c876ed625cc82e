import type { Authenticated } from '../protocol/auth.ts'
import type { EventData } from '../protocol/events.ts'
import type { ReplyData } from '../protocol/requests.ts'
import type { UserSummary } from '../protocol/user.ts'
import type { CallOptions } from './channels/channel.ts'
import type { Connection } from './connection.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import { insist } from './insist.ts'
import { pages } from './pages.ts'

/** Which users. */
export interface UserListOptions extends CallOptions {
  /** Only those whose name begins with this: case and compatibility forms do not matter. */
  readonly prefix?: string | undefined
  /** Users in a page: 1–100. */
  readonly limit?: number | undefined
}

/** What is told of users. */
export interface UsersEvents {
  /** Somebody has another avatar or display name, or none: the user as they are now. */
  changed: UserSummary
  /** Somebody was blocked, or is no more; or the list is another than before, after signing in. */
  blocked: { blocked: ReadonlySet<string> }
}

/** The users of the server. */
export class Users implements Listenable<UsersEvents> {
  readonly #connection: Connection
  readonly #events = new Emitter<UsersEvents>()
  #blocked: ReadonlySet<string> = new Set()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  on<Name extends keyof UsersEvents>(name: Name, listener: (event: UsersEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
  }

  /**
   * Ids of those whom the user has blocked: the server takes no direct messages of theirs. What they write in channels
   * and groups comes, for the application to hide.
   */
  get blocked(): ReadonlySet<string> {
    return this.#blocked
  }

  /** Blocks a user, on all devices. Rejects with RequestError: `not_found`, `conflict` past a thousand. */
  async block(user: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.request('user.block', { user, on: true }, options)
    this.wasBlocked({ user, on: true })
  }

  async unblock(user: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.request('user.block', { user, on: false }, options)
    this.wasBlocked({ user, on: false })
  }

  /** Those whom the user has blocked, by name. */
  async listBlocked(options: CallOptions = {}): Promise<readonly UserSummary[]> {
    return (await this.#connection.request('user.blocks', {}, options)).users
  }

  /** The server's word on one of them, from another device. */
  wasBlocked({ user, on }: EventData<'user.blocked'>): void {
    this.#setBlocked(on ? [...this.#blocked, user] : [...this.#blocked].filter((one) => one !== user))
  }

  /** The server's word on all of them, after authentication. */
  wentLive({ blocked = [] }: Pick<Authenticated, 'blocked'>): void {
    this.#setBlocked(blocked)
  }

  #setBlocked(users: readonly string[]): void {
    const [before, now] = [this.#blocked, new Set(users)]
    if (now.size === before.size && users.every((user) => before.has(user))) return
    this.#blocked = now
    this.#events.emit('blocked', { blocked: now })
  }

  changed(user: UserSummary): void {
    this.#events.emit('changed', user)
  }

  /** What the user wants to be called; null for their name. Everybody is told. */
  async setDisplayName(displayName: string | null, options: CallOptions = {}): Promise<UserSummary> {
    return (await insist(this.#connection, 'user.update', { displayName }, options)).user
  }

  /** Pages of users, in the order of their names. */
  list({ prefix, limit, signal }: UserListOptions = {}): AsyncGenerator<ReplyData<'user.list'>, void, undefined> {
    return pages(
      this.#connection,
      'user.list',
      { prefix, limit },
      {
        next: ({ users, hasMore }) => (hasMore ? { after: users.at(-1)?.id } : undefined),
        signal,
      },
    )
  }
}
