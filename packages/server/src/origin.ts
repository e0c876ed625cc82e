/**
 * Whether a page of `origin` may open a connection: programs send none; a page is let in from the server's own host
 * or from one that the operator listed.
 */
export function allowsOrigin(origin: string | undefined, host: string | undefined, listed: readonly string[]): boolean {
  if (origin === undefined) return true
  if (listed.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  return new URL(origin).host === host
}
