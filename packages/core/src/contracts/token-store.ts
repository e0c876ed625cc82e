import type { Account } from '../protocol/user.ts'

/** What a client keeps of a session between runs. */
export interface SavedSession {
  readonly token: string
  /** Whose it is; unknown where the token was got elsewhere and has not been used yet. */
  readonly user?: Account | undefined
}

/** Where a client keeps its session between runs: "remember me". */
export interface TokenStore {
  /** The token is its owner's to keep, as in a bot's settings: it is made good for longer, and never replaced. */
  readonly fixed?: boolean
  load(): Promise<SavedSession | undefined>
  save(session: SavedSession): Promise<void>
  clear(): Promise<void>
}
