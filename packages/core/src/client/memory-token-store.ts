import type { TokenStore } from '../contracts/token-store.ts'

/** Keeps the token for as long as the process runs. `token` is one got elsewhere, such as a bot's. */
export function memoryTokenStore(token?: string): TokenStore {
  let kept = token
  return {
    load: async () => kept,
    save: async (value) => {
      kept = value
    },
    clear: async () => {
      kept = undefined
    },
  }
}
