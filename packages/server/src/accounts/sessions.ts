import type { Account, Clock, Milliseconds } from '@arclight/core'
import type { Storage, StoredSession } from '@arclight/core/contracts'
import { type Authenticated, LIMITS } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'
import { createId, createToken, hashToken } from './token.ts'

/** Being used is written down this often at most: a write for every reconnect would be many. */
const TOUCH_MS = 3_600_000
/** What does not expire does so at the end of the year 9999, which every program can write down. */
const NEVER = Date.UTC(10_000, 0) - 1

/** Who a connection is, and by which session, once it has authenticated. */
export interface Identity {
  readonly account: Account
  readonly session: string
  readonly token: string
  /** Wall time: past it the connection is closed. */
  readonly expiresAt: Milliseconds
}

/** The sessions of all users: tokens in, identities out. */
export class Sessions {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #lifetime: Milliseconds
  /** Tokens that are being looked up, and the sessions that ended meanwhile: storage may have read them before. */
  #looking = 0
  readonly #ended = new Set<string>()

  /** `lifetime`: how long a session lasts that nobody uses. */
  constructor(parts: { storage: Storage; clock: Clock; lifetime: Milliseconds }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#lifetime = parts.lifetime
  }

  async open(account: Account, label: string | undefined): Promise<Identity> {
    const [session, token, now] = [await createId(), await createToken(), this.#clock.wall()]
    const expiresAt = this.#expiry(account, now)
    await this.#storage.sessions.create({
      id: session,
      user: account.id,
      label,
      tokenHash: await hashToken(token),
      createdAt: now,
      usedAt: now,
      expiresAt,
    })
    return { account, session, token, expiresAt }
  }

  /** Ends the user's sessions that are too many, those used least recently; returns them. */
  async trim(user: string): Promise<readonly string[]> {
    const surplus = (await this.list(user)).slice(LIMITS.sessions).map(({ id }) => id)
    for (const id of surplus) await this.#storage.sessions.remove(user, id)
    return surplus
  }

  /** Forgets those that have expired; called now and then. */
  prune(): Promise<void> {
    return this.#storage.sessions.prune(this.#clock.wall())
  }

  /** Throws `unauthenticated`. */
  async byToken(token: string): Promise<Identity> {
    this.#looking++
    try {
      const identity = await this.#find(token)
      if (this.#ended.has(identity.session)) throw over()
      return identity
    } finally {
      if (--this.#looking === 0) this.#ended.clear()
    }
  }

  async #find(token: string): Promise<Identity> {
    const [found, now] = [await this.#storage.sessions.find(await hashToken(token)), this.#clock.wall()]
    if (!found || found.expiresAt <= now) throw over()
    const { account, id: session, newest, usedAt } = found
    const settled = newest && found.rotating
    if (now - usedAt < TOUCH_MS && !settled) return { account, session, token, expiresAt: found.expiresAt }
    const expiresAt = this.#expiry(account, now)
    await this.#storage.sessions.touch(session, { usedAt: now, expiresAt, settled })
    return { account, session, token, expiresAt }
  }

  /** Makes the session good for longer, with another token where `rotate` says so. */
  async refresh(identity: Identity, rotate: boolean): Promise<Identity> {
    const now = this.#clock.wall()
    const expiresAt = this.#expiry(identity.account, now)
    await this.#storage.sessions.touch(identity.session, { usedAt: now, expiresAt, settled: false })
    if (!rotate) return { ...identity, expiresAt }
    const token = await createToken()
    await this.#storage.sessions.rotate(identity.session, await hashToken(token))
    return { ...identity, token, expiresAt }
  }

  list(user: string): Promise<readonly StoredSession[]> {
    return this.#storage.sessions.byUser(user, this.#clock.wall())
  }

  /** False for a session that is not the user's, or is over. */
  async end(user: string, session: string): Promise<boolean> {
    const ended = await this.#storage.sessions.remove(user, session)
    if (ended && this.#looking > 0) this.#ended.add(session)
    return ended
  }

  /** Throws `not_found` for a session that is not the user's. */
  async revoke(user: string, session: string): Promise<void> {
    if (!(await this.end(user, session))) throw Refusal.notFound('session')
  }

  /** A program that runs for years has nobody who would sign it in again. */
  #expiry(account: Account, now: Milliseconds): Milliseconds {
    return account.bot ? NEVER : now + this.#lifetimeOf(account)
  }

  /** A guest has nothing to come back with but the session. */
  #lifetimeOf({ guest }: Account): Milliseconds {
    return guest ? Math.min(this.#lifetime, LIMITS.guestSessionMs) : this.#lifetime
  }

  /** What a client is told of its session. */
  grant({ account, token, session, expiresAt }: Identity): Omit<Authenticated, 'user'> {
    return { token, session, expiresAt, refreshAt: expiresAt - Math.floor(this.#lifetimeOf(account) / 2) }
  }
}

function over(): Refusal {
  return new Refusal('unauthenticated', 'the session is over; log in again')
}
