import type { SavedSession, TokenStore } from '@arclight/core/contracts'

/** Keeps the session in localStorage, so that a reload is still signed in; in memory where storage is blocked. */
export function localStorageTokens(server: string): TokenStore {
  const key = `arclight:session:${server}`
  let fallback: SavedSession | undefined
  return {
    load: async () => attempt(() => read(localStorage.getItem(key))) ?? fallback,
    save: async (session) => {
      fallback = session
      attempt(() => localStorage.setItem(key, JSON.stringify(session)))
    },
    clear: async () => {
      fallback = undefined
      attempt(() => localStorage.removeItem(key))
    },
  }
}

function read(text: string | null): SavedSession | undefined {
  const saved: unknown = text === null ? undefined : JSON.parse(text)
  return typeof (saved as Partial<SavedSession> | undefined)?.token === 'string' ? (saved as SavedSession) : undefined
}

/** Storage may be full, blocked, absent or somebody else's: the session then lives as long as the page. */
function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
