import type { Account } from '@arclight/core'
import type { Identity } from './accounts/sessions.ts'
import type { Outgoing } from './delivery/outgoing.ts'

/** How a connection is told goodbye. */
export interface Goodbye {
  readonly code: number
  readonly reason: string
}

/** An authenticated connection, as others reach it. */
export interface LiveConnection {
  readonly outgoing: Outgoing
  readonly identity: Identity
  /** The session was refreshed, or its user has changed. */
  refreshed(identity: Identity): void
  /** At once. */
  end(goodbye: Goodbye): void
  /** When the request under way is answered. */
  endAfterReply(goodbye: Goodbye): void
}

/** Who is told of each connection that authenticates, and of each that ends after it. */
export interface LiveWatcher {
  came(account: Account): void
  went(account: Account, outgoing: Outgoing): void
}

/** Which connections belong to which session: a session may have several, in several tabs. */
export class LiveSessions {
  readonly #connections = new Map<string, Set<LiveConnection>>()
  readonly #watcher: LiveWatcher

  constructor(watcher: LiveWatcher) {
    this.#watcher = watcher
  }

  add(session: string, connection: LiveConnection): void {
    const connections = this.#connections.get(session) ?? new Set()
    this.#connections.set(session, connections.add(connection))
    this.#watcher.came(connection.identity.account)
  }

  remove(session: string, connection: LiveConnection): void {
    const connections = this.#connections.get(session)
    if (!connections?.delete(connection)) return
    this.#watcher.went(connection.identity.account, connection.outgoing)
    if (connections.size === 0) this.#connections.delete(session)
  }

  /** Everybody who is signed in, by all their connections. */
  *all(): Iterable<LiveConnection> {
    for (const connections of this.#connections.values()) yield* connections
  }

  /** A user's connections, of all their sessions. */
  *ofUser(user: string): Iterable<LiveConnection> {
    for (const connection of this.all()) if (connection.identity.account.id === user) yield connection
  }

  /** Open connections of the session. */
  count(session: string): number {
    return this.#connections.get(session)?.size ?? 0
  }

  /** Ends all connections of the session; `asking`, which wants to hear so, after its reply. */
  end(session: string, goodbye: Goodbye, asking?: LiveConnection): void {
    for (const connection of [...(this.#connections.get(session) ?? [])]) {
      if (connection === asking) connection.endAfterReply(goodbye)
      else connection.end(goodbye)
    }
  }
}
