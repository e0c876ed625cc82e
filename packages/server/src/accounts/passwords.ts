import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { CLOSE, LIMITS, type RequestData } from '@arclight/core/protocol'
import type { LiveSessions } from '../live-sessions.ts'
import type { Audit } from '../moderation/audit.ts'
import { checkRules } from '../permissions/check-rules.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import { createCode, hashCode } from './code.ts'
import { checkOwnPassword } from './own-password.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { SecondFactors } from './second-factors.ts'
import type { Sessions } from './sessions.ts'

/** What changing passwords takes. */
export interface PasswordParts {
  readonly storage: Pick<Storage, 'accounts'>
  readonly clock: Clock
  readonly hasher: PasswordHasher
  readonly sessions: Sessions
  readonly live: LiveSessions
  readonly standings: Standings
  readonly audit: Audit
  readonly secondFactors: SecondFactors
}

const CHANGED = { code: CLOSE.revoked, reason: 'the password was changed' }

/** Passwords that are changed, by whoever knows the old one or has a code. Throws Refusal. */
export class Passwords {
  readonly #parts: PasswordParts

  constructor(parts: PasswordParts) {
    this.#parts = parts
  }

  /** All the user's sessions but `session` end. */
  async change(user: string, data: { password: string; newPassword: string }, session: string): Promise<void> {
    const { storage, hasher } = this.#parts
    await checkOwnPassword(user, data.password, this.#parts)
    await storage.accounts.setPassword(user, await hasher.hash(data.newPassword))
    await this.#endSessions(user, session)
  }

  /** A code for a user who forgot theirs. The one before is worth nothing. */
  async createReset(user: string, by: Account): Promise<{ code: string; expiresAt: number }> {
    const { storage, standings, audit } = this.#parts
    const who = standings.who(by.id)
    if (!may(who, { to: 'manageServer' })) throw new Refusal('forbidden', 'you may not reset passwords here')
    const stored = await storage.accounts.credentials(user)
    if (!stored) throw Refusal.notFound('user')
    if (stored.bot) throw new Refusal('conflict', 'a bot has no password')
    if (stored.guest) throw new Refusal('conflict', 'a guest has no password')
    checkRules(who, standings.who(user))
    const made = await this.makeReset(user)
    await audit.record(by, 'user.reset', user)
    return made
  }

  /** As `createReset`, for who runs the server. */
  async makeReset(user: string): Promise<{ code: string; expiresAt: number }> {
    const { storage, clock } = this.#parts
    const [code, expiresAt] = [createCode(), clock.wall() + LIMITS.resetMs]
    await storage.accounts.setReset(user, await hashCode(code), expiresAt)
    return { code, expiresAt }
  }

  /** Sets a password by a code, once; all the user's sessions end. Returns the account. */
  async reset({ code, password, secondFactor }: RequestData<'auth.reset'>): Promise<Account> {
    const { storage, clock, hasher, secondFactors } = this.#parts
    const codeHash = await hashCode(code)
    // A server too busy for the hash, or a second factor that is missing, must not cost anybody their code: it is spent last.
    const passwordHash = await hasher.hash(password)
    const user = await storage.accounts.findReset(codeHash, clock.wall())
    const stored = user === undefined ? undefined : await storage.accounts.credentials(user)
    if (!stored) throw wrongReset()
    if (stored.secondFactor) {
      secondFactors.attempt(stored.name)
      await secondFactors.check(stored, secondFactor)
    }
    if ((await storage.accounts.takeReset(codeHash, clock.wall())) !== stored.id) throw wrongReset()
    await storage.accounts.setPassword(stored.id, passwordHash)
    await this.#endSessions(stored.id)
    const { passwordHash: _before, ...account } = stored
    return account
  }

  async #endSessions(user: string, but?: string): Promise<void> {
    const { sessions, live } = this.#parts
    for (const { id } of await sessions.list(user))
      if (id !== but && (await sessions.end(user, id))) live.end(id, CHANGED)
  }
}

function wrongReset(): Refusal {
  return new Refusal('invalid_credentials', 'that code is wrong, used or too old')
}
