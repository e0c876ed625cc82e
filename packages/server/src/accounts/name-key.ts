/**
 * What two names that look alike have in common: compatibility forms folded, case folded, spaces joined. Lower case
 * alone would keep ß and SS, and both forms of the small sigma, apart.
 */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim()
}
