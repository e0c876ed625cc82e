import type { Account } from '../../protocol/user.ts'

/** An account with what authentication needs. */
export interface StoredAccount extends Account {
  /** A PHC string. */
  readonly passwordHash: string
}

/** The accounts. Names are compared by `nameKey`, which the caller makes. */
export interface AccountRepository {
  /** Stores a new account and returns true; false where the name is taken or, for an owner, one exists. */
  create(account: StoredAccount & { readonly nameKey: string; readonly createdAt: number }): Promise<boolean>
  byNameKey(nameKey: string): Promise<StoredAccount | undefined>
  hasOwner(): Promise<boolean>
}
