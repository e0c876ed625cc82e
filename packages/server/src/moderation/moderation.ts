import type { Account, Clock } from '@arclight/core'
import type { Storage, StoredSession } from '@arclight/core/contracts'
import { type Ban, CLOSE, LIMITS, type Permission, type RequestData } from '@arclight/core/protocol'
import type { Sessions } from '../accounts/sessions.ts'
import type { Goodbye, LiveSessions } from '../live-sessions.ts'
import { checkRules } from '../permissions/check-rules.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Audit } from './audit.ts'
import type { Bans } from './bans.ts'

/** What keeping order takes. */
export interface ModerationParts {
  readonly storage: Pick<Storage, 'accounts'>
  readonly clock: Clock
  readonly sessions: Sessions
  readonly live: LiveSessions
  readonly standings: Standings
  readonly bans: Bans
  readonly audit: Audit
}

const KICKED: Goodbye = { code: CLOSE.revoked, reason: 'you were signed out by a moderator' }
const REVOKED: Goodbye = { code: CLOSE.revoked, reason: 'the session was ended by who runs the server' }
const BANNED: Goodbye = { code: CLOSE.banned, reason: 'you are banned from this server' }

/** Sends users away, for now or for longer. Nobody does so to whoever stands as high as they do. Throws Refusal. */
export class Moderation {
  readonly #parts: ModerationParts

  constructor(parts: ModerationParts) {
    this.#parts = parts
  }

  async kick({ user, reason }: RequestData<'user.kick'>, by: Account): Promise<void> {
    await this.#check(by, 'kick', user)
    await this.#parts.audit.record(by, 'user.kick', user, { reason })
    await this.#end(user, KICKED)
  }

  /** The ban is there before the sessions end, so that nobody slips in between. */
  async ban({ user, reason, until }: RequestData<'user.ban'>, by: Account): Promise<void> {
    const { clock, bans, audit } = this.#parts
    await this.#check(by, 'ban', user)
    const at = clock.wall()
    if (until !== undefined && until <= at) {
      const issues = [{ path: 'until', message: 'expected a time that is to come' }]
      throw new Refusal('bad_request', 'expected a time that is to come', { issues })
    }
    await bans.add({ user, by: by.id, at, reason, until })
    await audit.record(by, 'user.ban', user, { reason, until })
    await this.#end(user, BANNED)
  }

  async unban({ user }: RequestData<'user.unban'>, by: Account): Promise<void> {
    const { bans, audit } = this.#parts
    await this.#check(by, 'ban', user)
    if (!(await bans.remove(user))) throw Refusal.notFound('ban')
    await audit.record(by, 'user.unban', user)
  }

  /** What the user is signed in by. */
  async sessions({ user }: RequestData<'user.sessions'>, by: Account): Promise<readonly StoredSession[]> {
    await this.#check(by, 'manageServer', user)
    return this.#parts.sessions.list(user)
  }

  /** Ends one session of the user, or all. */
  async revoke({ user, session }: RequestData<'user.revoke'>, by: Account): Promise<void> {
    const { sessions, live, audit } = this.#parts
    await this.#check(by, 'manageServer', user)
    if (session !== undefined) await sessions.revoke(user, session)
    await audit.record(by, 'user.revoke', user, { session })
    if (session === undefined) await this.#end(user, REVOKED)
    else live.end(session, REVOKED)
  }

  async listBans(): Promise<Ban[]> {
    const { storage, bans } = this.#parts
    const all = bans.list().slice(0, LIMITS.bansListed)
    const ids = [...new Set(all.flatMap(({ user, by }) => [user, by]))]
    const users = new Map((await storage.accounts.get(ids)).map((one) => [one.id, one]))
    const named = (id: string) => users.get(id) ?? { id, name: '' }
    return all.map(({ user, by, ...ban }) => ({ ...ban, user: named(user), by: named(by) }))
  }

  async #check(by: Account, to: Permission, user: string): Promise<void> {
    const { storage, standings } = this.#parts
    const who = standings.who(by.id)
    if (!may(who, { to })) throw new Refusal('forbidden', `that takes the permission ${to}, which you do not have here`)
    const [found] = await storage.accounts.get([user])
    if (!found || found.deleted) throw Refusal.notFound('user')
    checkRules(who, standings.who(user))
  }

  async #end(user: string, goodbye: Goodbye): Promise<void> {
    const { sessions, live } = this.#parts
    for (const { id } of await sessions.list(user)) {
      await sessions.end(user, id)
      live.end(id, goodbye)
    }
  }
}
