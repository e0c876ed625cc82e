/** A user who may not sign in. */
export interface StoredBan {
  readonly user: string
  /** Who banned them. */
  readonly by: string
  /** Wall time in milliseconds, as `until`. */
  readonly at: number
  readonly reason?: string | undefined
  readonly until?: number | undefined
}

/** Something that somebody did by their permissions. */
export interface AuditRecord {
  readonly id: string
  readonly at: number
  readonly by: string
  readonly action: string
  readonly target?: string | undefined
  /** JSON. */
  readonly detail?: string | undefined
}

/** What was taken from a user in a voice channel: one of the two at least. */
export interface StoredSilence {
  readonly channel: string
  readonly user: string
  readonly muted: boolean
  readonly deafened: boolean
}

/** Bans, silences, and who did what. */
export interface ModerationRepository {
  /** All, in any order. */
  bans(): Promise<readonly StoredBan[]>
  /** In the place of the user's ban before. */
  ban(ban: StoredBan): Promise<void>
  /** False where there is none. */
  unban(user: string): Promise<boolean>
  /** All, in any order. */
  silences(): Promise<readonly StoredSilence[]>
  /** In the place of what was taken before; with neither of the two nothing is taken any more. */
  silence(silence: StoredSilence): Promise<void>
  record(record: AuditRecord): Promise<void>
  /** The newest first, older than the record `before`. */
  audit(page: {
    readonly before?: string | undefined
    readonly limit: number
  }): Promise<{ readonly records: readonly AuditRecord[]; readonly hasMore: boolean }>
}
