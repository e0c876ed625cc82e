import type { TokenStore } from '@arclight/core/contracts'

/** Keeps the token in localStorage, so that a reload is still signed in; in memory where storage is blocked. */
export function localStorageTokens(server: string): TokenStore {
  const key = `arclight:token:${server}`
  let fallback: string | undefined
  return {
    load: async () => attempt(() => localStorage.getItem(key)) ?? fallback,
    save: async (token) => {
      fallback = token
      attempt(() => localStorage.setItem(key, token))
    },
    clear: async () => {
      fallback = undefined
      attempt(() => localStorage.removeItem(key))
    },
  }
}

/** Storage may be full, blocked or absent: the token then lives as long as the page. */
function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
