/** A role as it is stored. */
export interface StoredRole {
  readonly id: string
  readonly name: string
  readonly rank: number
  /** A bit for each of the protocol's PERMISSIONS, the first one's the lowest. */
  readonly permissions: number
  readonly builtIn: boolean
}

/** What changes of a role; what is left out stays. */
export type RoleChange = Partial<Pick<StoredRole, 'name' | 'rank' | 'permissions'>>

/** What a channel allows or denies a role or a user: one of the two is given. */
export interface StoredPermit {
  readonly channel: string
  readonly role?: string | undefined
  readonly user?: string | undefined
  /** Bits, as in a role. */
  readonly allow: number
  readonly deny: number
}

/** Roles, and what channels say of them. */
export interface RoleRepository {
  /** In any order. A new store has those that every server has. */
  list(): Promise<readonly StoredRole[]>
  /** Stores a new role. */
  create(role: StoredRole): Promise<void>
  /** False where there is none. */
  update(id: string, change: RoleChange): Promise<boolean>
  /** Removes a role and its permits; its users get the role `member`. False where there is none, or every server has it. */
  remove(id: string): Promise<boolean>
  /** Those of channels that are there. */
  permits(): Promise<readonly StoredPermit[]>
  /** In the place of the one before; one that says nothing is removed. */
  setPermit(permit: StoredPermit): Promise<void>
}
