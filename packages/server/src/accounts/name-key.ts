/** What two names that look alike have in common: compatibility forms folded, case folded, spaces joined. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}
