/**
 * What two names that look alike have in common: compatibility forms folded, case folded, spaces joined. Lower case
 * alone would keep ß and SS, and both forms of the small sigma, apart.
 */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim()
}

/** What the keys of all names begin with that begin with `prefix`; a space at its end is a part of it. */
export function namePrefixKey(prefix: string): string {
  return /\s$/u.test(prefix) ? `${nameKey(prefix)} ` : nameKey(prefix)
}
