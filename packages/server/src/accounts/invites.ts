import type { Account, Clock } from '@arclight/core'
import type { Storage, StoredInvite } from '@arclight/core/contracts'
import { type Invite, LIMITS, type RequestData } from '@arclight/core/protocol'
import type { Audit } from '../moderation/audit.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { may } from '../permissions/may.ts'
import { includes } from '../permissions/permission-set.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import { createCode, hashCode } from './code.ts'
import { createId } from './token.ts'

const DEFAULT_ROLE = 'member'
const DEFAULT_MS = 7 * 86_400_000

/** Codes that let people make accounts. Throws Refusal. */
export class Invites {
  readonly #storage: Pick<Storage, 'accounts' | 'invites'>
  readonly #clock: Clock
  readonly #standings: Standings
  readonly #audit: Audit
  readonly #changes = new OneAtATime()

  constructor(parts: {
    storage: Pick<Storage, 'accounts' | 'invites'>
    clock: Clock
    standings: Standings
    audit: Audit
  }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#standings = parts.standings
    this.#audit = parts.audit
  }

  /** With its code, which nobody is shown again. */
  create(data: RequestData<'invite.create'>, by: Account): Promise<{ invite: Invite; code: string }> {
    const { role = DEFAULT_ROLE, uses = 1, expiresInMs = DEFAULT_MS } = data
    this.#checkRole(role, by)
    return this.#changes.run(async () => {
      const now = this.#clock.wall()
      if ((await this.#storage.invites.list(now)).length >= LIMITS.invites) {
        throw new Refusal('conflict', `a server has at most ${LIMITS.invites} invites`)
      }
      const code = createCode()
      const stored = { id: await createId(), role, by: by.id, createdAt: now, expiresAt: now + expiresInMs, uses }
      await this.#storage.invites.create({ ...stored, codeHash: await hashCode(code) })
      await this.#audit.record(by, 'invite.create', stored.id, { role, uses, expiresAt: stored.expiresAt })
      return { invite: { ...stored, by: { id: by.id, name: by.name } }, code }
    })
  }

  async list(): Promise<Invite[]> {
    const { accounts, invites } = this.#storage
    const stored = await invites.list(this.#clock.wall())
    const users = new Map((await accounts.get([...new Set(stored.map(({ by }) => by))])).map((one) => [one.id, one]))
    return stored.map((one) => ({ ...one, by: users.get(one.by) ?? { id: one.by, name: '' } }))
  }

  async remove(id: string, by: Account): Promise<void> {
    if (!(await this.#storage.invites.remove(id))) throw Refusal.notFound('invite')
    await this.#audit.record(by, 'invite.delete', id)
  }

  /** Uses an invite once. */
  async redeem(code: string): Promise<Pick<StoredInvite, 'id' | 'role'>> {
    const invite = await this.#storage.invites.redeem(await hashCode(code), this.#clock.wall())
    if (!invite) throw new Refusal('registration_closed', 'that invite is wrong, used up or too old')
    // The role may be gone.
    return this.#standings.get(invite.role) ? invite : { ...invite, role: DEFAULT_ROLE }
  }

  /** No account came of that use. */
  restore(id: string): Promise<void> {
    return this.#storage.invites.restore(id)
  }

  /** Nobody invites to what stands as high as they do, or to what they do not have. */
  #checkRole(id: string, by: Account): void {
    const [who, role] = [this.#standings.who(by.id), this.#standings.get(id)]
    if (!may(who, { to: 'invite' })) throw new Refusal('forbidden', 'you may not invite people here')
    if (!role) throw Refusal.notFound('role')
    if (role.rank >= who.role.rank || !includes(who.role.permissions, role.permissions)) {
      throw new Refusal('forbidden', 'that role stands as high as yours, or may what you may not')
    }
  }
}
