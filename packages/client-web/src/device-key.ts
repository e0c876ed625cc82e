import { randomId } from './random-id.ts'

const KEY = 'arclight:device'

/** This browser's name in voice: kept, so that a reloaded page gets its place back; the page's own where storage is blocked. */
export function deviceKey(): string {
  const made = randomId()
  try {
    const kept = localStorage.getItem(KEY)
    if (kept !== null && kept !== '') return kept
    localStorage.setItem(KEY, made)
  } catch {
    // Blocked or full.
  }
  return made
}
