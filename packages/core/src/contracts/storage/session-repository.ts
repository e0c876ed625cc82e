import type { Account } from '../../protocol/user.ts'

/** The session tokens, by their hash: the token itself is never stored. */
export interface SessionRepository {
  create(session: { readonly tokenHash: string; readonly user: string; readonly createdAt: number }): Promise<void>
  /** The account that the token stands for; undefined where it is unknown or revoked. */
  find(tokenHash: string): Promise<Account | undefined>
  revoke(tokenHash: string): Promise<void>
}
