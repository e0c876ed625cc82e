import type { Storage, StoredAccount } from '@arclight/core/contracts'
import { Refusal } from '../refusal.ts'
import type { PasswordHasher } from './password-hasher.ts'

/**
 * Whoever is signed in says once more who they are. `or-none`: of an account that never had a password, of an identity provider's
 * user, nothing is asked. Throws `invalid_credentials`.
 */
export async function checkOwnPassword(
  user: string,
  password: string,
  { storage, hasher }: { readonly storage: Pick<Storage, 'accounts'>; readonly hasher: PasswordHasher },
  needed: 'always' | 'or-none' = 'always',
): Promise<StoredAccount> {
  const stored = await storage.accounts.credentials(user)
  if (stored?.passwordHash === '' && needed === 'or-none') return stored
  if (!stored?.passwordHash || !(await hasher.verify(stored.passwordHash, password))) {
    throw new Refusal('invalid_credentials', 'that is not your password')
  }
  return stored
}
