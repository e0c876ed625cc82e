import type { SavedSession, TokenStore } from '../contracts/token-store.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Authenticated } from '../protocol/auth.ts'
import type { ReplyData, RequestData } from '../protocol/requests.ts'
import type { Account, UserSummary } from '../protocol/user.ts'
import type { Clock } from '../time/clock.ts'
import type { Connection } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { Refresher } from './refresher.ts'

/** How somebody signs in: with a password, a token of an identity provider, or what came back from its page. */
export type Login =
  | { readonly name: string; readonly password: string; readonly code?: string }
  | { readonly jwt: string }
  | { readonly code: string; readonly verifier: string }

/** What the session asks of the client around it. */
export interface SessionParts {
  readonly connection: Connection
  readonly clock: Clock
  /** What the user's list of sessions calls this client. */
  readonly label: string | undefined
  readonly tokens: TokenStore
  /** What to declare on a resume. */
  readonly wants: () => Omit<RequestData<'session.resume'>, 'token'>
  /** The connection is live; `resumed` after a resume, undefined after a log-in. */
  readonly live: (taken: Authenticated, resumed: ReplyData<'session.resume'> | undefined) => void
}

/** After a refresh that the server refused. */
const REFRESH_AGAIN_MS = 600_000

/** Who is signed in: gets the token, keeps it, and uses it whenever a connection greets. */
export class Session {
  readonly #parts: SessionParts
  readonly #refresher: Refresher
  #saved: SavedSession | undefined
  #greetings = 0

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { clock, connection } = parts
    this.#refresher = new Refresher({ clock, wall: () => connection.clock.wall(), refresh: () => void this.#refresh() })
    connection.machine.watch((state) => {
      if (state.name !== 'live') this.#refresher.stop()
      if (state.name === 'closed' && state.error.reason === 'signed-out') void this.#forget(this.#saved)
    })
  }

  get signedIn(): boolean {
    return this.#saved !== undefined
  }

  /** What the server knows the session by. A secret, for requests over HTTP. */
  get token(): string | undefined {
    return this.#saved?.token
  }

  /** Whose session it is; known after the first authentication, through drops and reloads. */
  get user(): Account | undefined {
    return this.#saved?.user
  }

  /** The signed-in user is another than before: a device of theirs said so. */
  changed(summary: UserSummary): void {
    const user = this.#saved?.user
    if (!this.#saved || user?.id !== summary.id) return
    const { role, secondFactor, guest } = user
    const own = { role, ...(secondFactor ? { secondFactor } : {}), ...(guest ? { guest } : {}) }
    this.#saved = { ...this.#saved, user: { ...summary, ...own } }
  }

  /** As `changed`, with what only the user is told: their role, and whether they are a guest. */
  accountChanged(user: Account): void {
    if (this.#saved?.user?.id === user.id) this.#saved = { ...this.#saved, user }
  }

  /** Makes the guest that is signed in somebody with a password. */
  async claim(data: RequestData<'account.claim'>, signal?: AbortSignal): Promise<Account> {
    const { connection, tokens } = this.#parts
    const { user } = await connection.request('account.claim', data, { signal })
    this.accountChanged(user)
    if (this.#saved) await tokens.save(this.#saved)
    return user
  }

  /** Signs in by what the user has: see `Login`. */
  login(how: Login, signal?: AbortSignal): Promise<Account> {
    if ('jwt' in how) return this.authenticate('auth.jwt', { token: how.jwt }, signal)
    return 'verifier' in how
      ? this.authenticate('auth.code', how, signal)
      : this.authenticate('auth.login', how, signal)
  }

  /** Authenticates with a name and a password, or makes the account first. */
  async authenticate<Type extends `auth.${'login' | 'register' | 'guest' | 'jwt' | 'code'}`>(
    type: Type,
    data: RequestData<Type>,
    signal?: AbortSignal,
  ): Promise<Account> {
    const { connection, label, tokens } = this.#parts
    const { name } = connection.state
    if (name === 'live' || name === 'leaving') throw RequestError.unsent(type, 'already signed in; log out first')
    this.#saved = undefined
    connection.open()
    await connection.machine.until('greeted', { signal, refuse: (state) => whyNotGreeted(type, state) })
    const take = (taken: Authenticated): void => this.#accept(taken, undefined)
    const reply: Authenticated = await connection.ask(
      type,
      { ...data, ...(label === undefined ? {} : { label }) },
      { signal, take },
    )
    await tokens.save({ token: reply.token, user: reply.user })
    return reply.user
  }

  /** Signs in with the token kept from before. Rejects with ConnectionError `signed-out` where there is none. */
  async resume(signal?: AbortSignal): Promise<Account> {
    const { connection, tokens } = this.#parts
    this.#saved ??= await tokens.load()
    if (!this.#saved) throw ConnectionError.signedOut()
    connection.open()
    const live = await connection.machine.until('live', {
      signal,
      refuse: (state) => (state.name === 'closed' ? state.error : undefined),
    })
    return live.user
  }

  /** Revokes the token and ends the connection. */
  async logout(): Promise<void> {
    const { connection, tokens } = this.#parts
    const own = this.#saved
    try {
      if (connection.state.name === 'live') await connection.request('auth.logout', {})
    } finally {
      const kept = await tokens.load().catch(() => undefined)
      await this.#forget(own ? newest(own, kept) : kept)
      connection.end(ConnectionError.signedOut())
    }
  }

  /** The server has greeted a new connection. */
  async greeted(): Promise<void> {
    const { connection, tokens, wants } = this.#parts
    if (!this.#saved) return
    const greeting = ++this.#greetings
    const saved = newest(this.#saved, await tokens.load().catch(() => undefined))
    // Somebody may have begun to log in meanwhile.
    if (greeting !== this.#greetings || !this.#saved || connection.state.name !== 'greeted') return
    try {
      const { token, user } = await connection.ask(
        'session.resume',
        { token: saved.token, ...wants() },
        { take: (taken) => this.#accept(taken, taken) },
      )
      await tokens.save({ token, user })
    } catch (error) {
      await this.#refused(saved, error)
    }
  }

  async #refresh(): Promise<void> {
    const { connection, tokens } = this.#parts
    try {
      const { token, refreshAt } = await connection.request('auth.refresh', { rotate: tokens.fixed !== true })
      if (!this.#saved) return
      this.#saved = { ...this.#saved, token }
      this.#refresher.start(refreshAt)
      await tokens.save(this.#saved)
    } catch {
      // A connection that drops refreshes when it is back; one that stays asks again later.
      if (connection.state.name === 'live') this.#refresher.start(connection.clock.wall() + REFRESH_AGAIN_MS)
    }
  }

  async #refused(saved: SavedSession, error: unknown): Promise<void> {
    const { connection } = this.#parts
    const final = error instanceof RequestError && error.reason === 'failed' && !error.retryable
    if (final) {
      await this.#forget(saved)
      connection.end(ConnectionError.signedOut(error))
    } else if (connection.state.name === 'greeted') connection.drop('the resume got no answer')
  }

  /** Everything that is taken up again is so before anybody who waits for `live` can ask for more. */
  #accept(taken: Authenticated, resumed: ReplyData<'session.resume'> | undefined): void {
    const { token, user, refreshAt } = taken
    const { connection, live } = this.#parts
    const { state } = connection
    if (state.name !== 'greeted') throw RequestError.unknown('session.resume', 'the connection closed')
    this.#saved = { token, user }
    connection.goLive(state.hello, user)
    live(taken, resumed)
    this.#refresher.start(refreshAt)
  }

  /** A session is over. The store is shared with other tabs: what one of them has kept since is another session's. */
  async #forget(over: SavedSession | undefined): Promise<void> {
    const { tokens } = this.#parts
    this.#saved = undefined
    const kept = await tokens.load().catch(() => over)
    if (over && kept?.token === over.token) await tokens.clear()
  }
}

/** Another tab may have got a new token for the same user meanwhile; another user's session is not ours. */
function newest(own: SavedSession, kept: SavedSession | undefined): SavedSession {
  return kept && (own.user === undefined || kept.user?.id === own.user.id) ? kept : own
}

function whyNotGreeted(type: string, state: ConnectionState): Error | undefined {
  if (state.name === 'closed') return state.error
  if (state.name === 'idle' || state.name === 'waiting')
    return RequestError.unsent(type, 'the server cannot be reached')
  return undefined
}
