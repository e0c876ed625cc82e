import type { Account, UserSummary } from '../../protocol/user.ts'

/** An account with what authentication needs. */
export interface StoredAccount extends Account {
  /** A PHC string; of a bot, which has no password, empty. */
  readonly passwordHash: string
}

/** Somebody who takes no direct messages of somebody else. */
export interface StoredBlock {
  readonly user: string
  readonly blocked: string
}

/** The accounts. Names are compared by `nameKey`, which the caller makes. */
export interface AccountRepository {
  /** Stores a new account and returns true; false where the name is taken or, for an owner, one exists. */
  create(account: StoredAccount & { readonly nameKey: string; readonly createdAt: number }): Promise<boolean>
  byNameKey(nameKey: string): Promise<StoredAccount | undefined>
  hasOwner(): Promise<boolean>
  /** The owner's id. */
  owner(): Promise<string | undefined>
  /** Those of these ids that exist, in any order. */
  get(ids: readonly string[]): Promise<readonly UserSummary[]>
  /** In the order of their name keys, those that begin with `prefix`, behind the user `after`. */
  list(page: {
    readonly prefix?: string | undefined
    readonly after?: string | undefined
    readonly limit: number
  }): Promise<{ readonly users: readonly Account[]; readonly hasMore: boolean }>
  /** The users whose role is another than `member`, and which. */
  roles(): Promise<readonly { readonly user: string; readonly role: string }[]>
  /** Gives a user a role; false where there is no such user. Nobody becomes the owner by it, and the owner stays. */
  giveRole(user: string, role: string): Promise<boolean>
  /** The account with what authentication needs; undefined of one that is deleted. */
  credentials(id: string): Promise<StoredAccount | undefined>
  /** The name that is shown, or none; the user as they are then, undefined where there is no such user. */
  setDisplayName(id: string, displayName: string | undefined): Promise<UserSummary | undefined>
  setPassword(id: string, passwordHash: string): Promise<void>
  /** A code, of which the hash is given, with which the user may set a password until then; the one before is worth nothing. */
  setReset(user: string, codeHash: string, expiresAt: number): Promise<void>
  /** Whose code it is; undefined where there is none, or it has expired. */
  findReset(codeHash: string, now: number): Promise<string | undefined>
  /** Takes the code away, and returns whose it was; undefined where there is none, or it has expired. */
  takeReset(codeHash: string, now: number): Promise<string | undefined>
  /**
   * Makes an account nobody's, in one transaction: it gets that name and key, no role of its own, and nobody signs in as it or
   * finds it in a list. Sessions, password, codes, second factor, invites, bans, permits, markers, memberships of private
   * channels, the avatar and what it uploaded and no message has, go; its messages stay. Undefined where there is no such user,
   * the owner, a bot, or one that is deleted already; else the user as they are then.
   */
  erase(
    id: string,
    change: { readonly name: string; readonly nameKey: string; readonly messages: 'keep' | 'delete' },
  ): Promise<UserSummary | undefined>
  /** Erased accounts of which something is still to go, until `erased` says so. */
  erasing(): Promise<readonly { readonly user: string; readonly messages: 'keep' | 'delete' }[]>
  erased(id: string): Promise<void>
  /** Makes a guest somebody with a password; why not: the name is taken, or that is no guest. */
  claim(account: {
    readonly id: string
    readonly name: string
    readonly nameKey: string
    readonly passwordHash: string
    readonly role: string
  }): Promise<'claimed' | 'name-taken' | 'no-guest'>
  /**
   * Ends the guests made before `before` that have no session at `now`: their names are free, what was kept for them is
   * forgotten, and the accounts stay for what they wrote, without a name of their own. Returns them as they were.
   */
  endGuests(times: { readonly now: number; readonly before: number }): Promise<readonly UserSummary[]>
  /** All, in any order. */
  blocks(): Promise<readonly StoredBlock[]>
  /** Nothing happens where there is one already. */
  block(block: StoredBlock): Promise<void>
  unblock(block: StoredBlock): Promise<void>
  /** The bots that have not been ended, in the order of their name keys. */
  bots(): Promise<readonly UserSummary[]>
  /** Ends a bot and its sessions; false where there is none. Its account stays, for what it wrote. */
  endBot(id: string): Promise<boolean>
}
