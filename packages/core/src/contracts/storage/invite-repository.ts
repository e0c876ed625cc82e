/** An invite as it is stored. */
export interface StoredInvite {
  readonly id: string
  readonly role: string
  /** Who made it. */
  readonly by: string
  /** Wall time in milliseconds, as `expiresAt`. */
  readonly createdAt: number
  readonly expiresAt: number
  /** How often it can still be used. */
  readonly uses: number
}

/** Invites. Their codes are known by their hashes alone. */
export interface InviteRepository {
  create(invite: StoredInvite & { readonly codeHash: string }): Promise<void>
  /** Those that still work, the newest first. */
  list(now: number): Promise<readonly StoredInvite[]>
  /** False where there is none. */
  remove(id: string): Promise<boolean>
  /** Uses it once; undefined where there is none, it has expired or is used up. */
  redeem(codeHash: string, now: number): Promise<Pick<StoredInvite, 'id' | 'role'> | undefined>
  /** Undoes one use. */
  restore(id: string): Promise<void>
}
