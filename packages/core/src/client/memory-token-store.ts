import type { SavedSession, TokenStore } from '../contracts/token-store.ts'

/** Keeps the session for as long as the process runs. `token` is one got elsewhere, such as a bot's. */
export function memoryTokenStore(token?: string): TokenStore {
  let kept: SavedSession | undefined = token === undefined ? undefined : { token }
  return {
    fixed: token !== undefined,
    load: async () => kept,
    save: async (session) => {
      kept = session
    },
    clear: async () => {
      kept = undefined
    },
  }
}
