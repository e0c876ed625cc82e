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
}

/** The users of the server. */
export class Users implements Listenable<UsersEvents> {
  readonly #connection: Connection
  readonly #events = new Emitter<UsersEvents>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  on<Name extends keyof UsersEvents>(name: Name, listener: (event: UsersEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
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
