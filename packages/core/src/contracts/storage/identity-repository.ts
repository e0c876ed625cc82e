import type { Account } from '../../protocol/user.ts'
import type { StoredAccount } from './account-repository.ts'

/** A user of an identity provider. */
export interface StoredIdentity {
  readonly issuer: string
  readonly subject: string
}

/** Which accounts are whose at identity providers. */
export interface IdentityRepository {
  /** The account of a provider's user. */
  find(identity: StoredIdentity): Promise<Account | undefined>
  /** Makes an account for a provider's user, both or neither; `exists` where they have one. */
  create(
    identity: StoredIdentity,
    account: StoredAccount & { readonly nameKey: string; readonly createdAt: number },
  ): Promise<'created' | 'exists' | 'name-taken'>
}
