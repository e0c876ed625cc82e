import type { Account } from '../../protocol/user.ts'

/** A session of one user. Times are wall times in milliseconds. */
export interface StoredSession {
  /** Names the session for as long as it lives; its tokens come and go. */
  readonly id: string
  readonly label?: string | undefined
  readonly createdAt: number
  readonly usedAt: number
  readonly expiresAt: number
}

/** A session with whose it is, found by a token. */
export interface FoundSession extends StoredSession {
  readonly account: Account
  /** Whether the token is the session's newest, or the one before. */
  readonly newest: boolean
  /** Whether the token before the newest still works. */
  readonly rotating: boolean
}

/** The sessions and the hashes of their tokens: a token itself is never stored. */
export interface SessionRepository {
  create(session: StoredSession & { readonly user: string; readonly tokenHash: string }): Promise<void>
  /**
   * The session that a token belongs to. Undefined where the token is unknown or was replaced, or the session removed.
   * Whether it has expired is the caller's to say.
   */
  find(tokenHash: string): Promise<FoundSession | undefined>
  /** The session was used: the token before the newest no longer works where `settled` says so. */
  touch(
    id: string,
    change: { readonly usedAt: number; readonly expiresAt: number; readonly settled: boolean },
  ): Promise<void>
  /** Gives the session another token; the newest becomes the one before. */
  rotate(id: string, tokenHash: string): Promise<void>
  /** Those of a user that have not expired at `now`, the one used last first. */
  byUser(user: string, now: number): Promise<readonly StoredSession[]>
  /** Forgets the sessions that had expired at `now`. */
  prune(now: number): Promise<void>
  /** Ends the user's session; false where they have none of that id. */
  remove(user: string, id: string): Promise<boolean>
}
