import type { Account } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { LIMITS, type Permit, type RequestData, type Role } from '@arclight/core/protocol'
import { createId } from '../accounts/token.ts'
import type { Channels } from '../channels/channels.ts'
import type { LiveSessions } from '../live-sessions.ts'
import type { Audit } from '../moderation/audit.ts'
import { Refusal } from '../refusal.ts'
import type { Access } from './access.ts'
import { checkRules } from './check-rules.ts'
import { may, permissionsIn, type Who } from './may.ts'
import { includes, NONE, toNames, toSet } from './permission-set.ts'
import { type Standings, toRole } from './standings.ts'

/** What changing roles takes. */
export interface RolesParts {
  readonly storage: Pick<Storage, 'accounts' | 'roles'>
  readonly standings: Standings
  readonly channels: Channels
  readonly live: LiveSessions
  readonly access: Access
  readonly audit: Audit
}

const OWNER = 'owner'
const PLAIN = 'member'

/**
 * Roles, who has which, and what channels say of them. Nobody makes, changes or gives what stands as high as they do,
 * and nobody gives what they do not have. Throws Refusal.
 */
export class Roles {
  readonly #parts: RolesParts

  constructor(parts: RolesParts) {
    this.#parts = parts
  }

  list(): Role[] {
    return this.#parts.standings.list()
  }

  async create({ name, rank, permissions }: RequestData<'role.create'>, by: Account): Promise<Role> {
    const { storage, standings, access, audit } = this.#parts
    const id = await createId()
    const role = { id, name, rank, permissions: toSet(permissions), builtIn: false }
    // Nobody has it yet.
    return access.change({ role: id }, async () => {
      const who = this.#manager(by)
      checkBelow(who, rank)
      checkHas(who, role.permissions)
      if (standings.isFull) throw new Refusal('conflict', `a server has at most ${LIMITS.roles} roles`)
      this.#checkName(name)
      await storage.roles.create(role)
      await audit.record(by, 'role.create', id, { name, rank, permissions })
      await this.#refresh()
      return toRole(role)
    })
  }

  update({ role: id, ...given }: RequestData<'role.update'>, by: Account): Promise<Role> {
    const { storage, standings, access, audit } = this.#parts
    return access.change({ role: id }, async () => {
      const [who, role] = [this.#manager(by), this.#role(id)]
      checkBelow(who, role.rank)
      if (given.rank !== undefined) checkBelow(who, given.rank)
      if (given.name !== undefined && given.name !== role.name) this.#checkName(given.name)
      const permissions = given.permissions && toSet(given.permissions)
      if (permissions !== undefined) checkHas(who, permissions & ~role.permissions)
      const change = { name: given.name, rank: given.rank, permissions }
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      if (Object.keys(known).length > 0) {
        await storage.roles.update(id, known)
        await audit.record(by, 'role.update', id, given)
        await this.#refresh()
      }
      return toRole(standings.get(id) ?? role)
    })
  }

  remove(id: string, by: Account): Promise<void> {
    const { storage, standings, channels, access, audit } = this.#parts
    return access.change({ role: id }, async () => {
      const [who, role] = [this.#manager(by), this.#role(id)]
      checkBelow(who, role.rank)
      if (!(await storage.roles.remove(id))) throw new Refusal('conflict', 'every server has that role')
      await audit.record(by, 'role.delete', id, { name: role.name })
      const had = this.#present().filter((user) => standings.who(user).role.id === id)
      standings.forget(id)
      channels.forgetRole(id)
      await this.#refresh()
      for (const user of had) this.#tellAccount(user, PLAIN)
    })
  }

  give({ user, role: id }: RequestData<'role.give'>, by: Account): Promise<void> {
    const { storage, standings, access, audit } = this.#parts
    return access.change({ user }, async () => {
      const [who, role] = [this.#manager(by), this.#role(id)]
      checkBelow(who, role.rank)
      checkHas(who, role.permissions)
      await this.#checkRules(who, user)
      if (!(await storage.accounts.giveRole(user, id))) throw Refusal.notFound('user')
      await audit.record(by, 'role.give', user, { role: id })
      standings.give(user, id)
      this.#tellAccount(user, id)
    })
  }

  permits(channel: string, by: Account): Permit[] {
    const { permits } = this.#parts.channels.allowed(channel, by, 'manageChannel')
    const all = permits.map(({ allow, deny, ...subject }) => ({
      ...subject,
      allow: toNames(allow),
      deny: toNames(deny),
    }))
    return [
      ...all.filter(({ role }) => role !== undefined),
      ...all.filter(({ role }) => role === undefined),
    ] as Permit[]
  }

  setPermit({ channel: id, role, user, ...given }: RequestData<'permit.set'>, by: Account): Promise<void> {
    const { storage, standings, channels, access, audit } = this.#parts
    if ((role === undefined) === (user === undefined))
      throw badFields(['role', 'user'], 'expected exactly one of the two')
    const subject = role === undefined ? { user: user as string } : { role }
    const [allow, deny] = [toSet(given.allow), toSet(given.deny)]
    return access.change({ ...subject, channel: id }, async () => {
      const [who, channel] = [standings.who(by.id), channels.allowed(id, by, 'manageChannel')]
      if (channel.summary.kind === 'direct') throw new Refusal('forbidden', 'in a direct channel all may the same')
      if ((allow & deny) !== NONE) throw badFields(['allow', 'deny'], 'expected nothing in both')
      if (role !== undefined) checkBelow(who, this.#role(role).rank)
      if (user !== undefined) await this.#checkRules(who, user)
      const known = channel.permits.find((permit) => permit.role === role && permit.user === user)
      checkHas({ ...who, role: { ...who.role, permissions: permissionsIn(channel, who) } }, allow | deny)
      // What was said before is taken back by it.
      if (known)
        checkHas({ ...who, role: { ...who.role, permissions: permissionsIn(channel, who) } }, known.allow | known.deny)
      if (!known && channel.permits.length >= LIMITS.permits) {
        throw new Refusal('conflict', `a channel says at most ${LIMITS.permits} things of roles and users`)
      }
      await storage.roles.setPermit({ channel: id, ...subject, allow, deny })
      await audit.record(by, 'permit.set', id, { ...subject, ...given })
      channel.setPermit({ ...subject, allow, deny })
    })
  }

  /** Throws `not_found` for a user who is not there, `forbidden` for one whom the asking one may not rule over. */
  async #checkRules(who: Who, user: string): Promise<void> {
    const { storage, standings } = this.#parts
    if ((await storage.accounts.get([user])).length === 0) throw Refusal.notFound('user')
    checkRules(who, standings.who(user))
  }

  #manager(by: Account): Who {
    const who = this.#parts.standings.who(by.id)
    if (!may(who, { to: 'manageRoles' })) throw new Refusal('forbidden', 'you may not change roles here')
    return who
  }

  #role(id: string) {
    const role = this.#parts.standings.get(id)
    if (!role) throw Refusal.notFound('role')
    return role
  }

  #checkName(name: string): void {
    if (this.list().some((role) => role.name === name)) throw new Refusal('conflict', 'there is a role of that name')
  }

  #present(): string[] {
    return [...new Set([...this.#parts.live.all()].map(({ identity }) => identity.account.id))]
  }

  /** As stored, for permissions and for everybody who is there. */
  async #refresh(): Promise<void> {
    const { storage, standings, live } = this.#parts
    await standings.refresh(storage.roles)
    const message = () => ({ type: 'role.changed', data: { roles: this.list() } })
    for (const { outgoing } of live.all()) outgoing.state('roles', message)
  }

  #tellAccount(user: string, role: string): void {
    for (const { identity, outgoing } of this.#parts.live.ofUser(user)) {
      const { account } = identity
      outgoing.state('account', () => ({ type: 'account.changed', data: { user: { ...account, role } } }))
    }
  }
}

function checkBelow(who: Who, rank: number): void {
  if (rank >= who.role.rank) throw new Refusal('forbidden', 'that role stands as high as yours, or higher')
}

/** Nobody gives, or takes, what they do not have. */
function checkHas(who: Who, set: number): void {
  if (who.role.id === OWNER || includes(who.role.permissions, set)) return
  const missing = toNames(set & ~who.role.permissions)
  throw new Refusal('forbidden', `you do not have ${missing.join(', ')} yourself`)
}

function badFields(paths: readonly string[], message: string): Refusal {
  return new Refusal('bad_request', message, { issues: paths.map((path) => ({ path, message })) })
}
