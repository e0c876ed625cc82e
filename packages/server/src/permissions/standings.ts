import type { RoleRepository, Storage, StoredPermit, StoredRole } from '@arclight/core/contracts'
import { LIMITS, type Role } from '@arclight/core/protocol'
import type { Who } from './may.ts'
import { NONE, toNames } from './permission-set.ts'

/** The role of whoever has no other. */
const PLAIN = 'member'

/** Which role each user has, and what roles allow: what permissions are asked by, without waiting. */
export class Standings {
  readonly #storage: Pick<Storage, 'accounts' | 'roles'>
  readonly #roles = new Map<string, StoredRole>()
  /** Of users who have another role than most. */
  readonly #roleOf = new Map<string, string>()

  constructor(storage: Pick<Storage, 'accounts' | 'roles'>) {
    this.#storage = storage
  }

  /** Resolves with what channels say of roles and users. */
  async load(): Promise<readonly StoredPermit[]> {
    const { accounts, roles } = this.#storage
    await this.refresh(roles)
    this.#roleOf.clear()
    for (const { user, role } of await accounts.roles()) this.#roleOf.set(user, role)
    return roles.permits()
  }

  /** The roles are as they are stored from here on. */
  async refresh(roles: Pick<RoleRepository, 'list'>): Promise<void> {
    const stored = await roles.list()
    this.#roles.clear()
    for (const role of stored) this.#roles.set(role.id, role)
  }

  /** The user, who may not be there. */
  who(id: string): Who {
    return { id, role: this.#find(this.#roleOf.get(id) ?? PLAIN) }
  }

  /** The user has that role from here on. */
  give(user: string, role: string): void {
    if (role === PLAIN) this.#roleOf.delete(user)
    else this.#roleOf.set(user, role)
  }

  /** Nobody has that role any more. */
  forget(role: string): void {
    this.#roles.delete(role)
    for (const [user, one] of this.#roleOf) if (one === role) this.#roleOf.delete(user)
  }

  get(role: string): StoredRole | undefined {
    return this.#roles.get(role)
  }

  /** The highest first. */
  list(): Role[] {
    return [...this.#roles.values()]
      .sort((one, other) => other.rank - one.rank || (one.id < other.id ? -1 : 1))
      .map(toRole)
  }

  get isFull(): boolean {
    return this.#roles.size >= LIMITS.roles
  }

  #find(id: string): Who['role'] {
    return this.#roles.get(id) ?? { id, rank: 0, permissions: NONE }
  }
}

/** A role as everybody sees it. */
export function toRole({ id, name, rank, permissions, builtIn }: StoredRole): Role {
  return { id, name, rank, permissions: toNames(permissions), ...(builtIn ? { builtIn } : {}) }
}
