/** WebSocket close codes of ours: 4000–4499 say "come back", 4500–4999 say "do not". */
export const CLOSE = {
  /** The server is going away for a while. */
  restarting: 4000,
  /** The connection could not take what it must not lose fast enough. */
  slow: 4001,
  /** Two probes in a row got no answer. */
  silent: 4002,
  /** Not authenticated within the deadline. */
  authenticationTimeout: 4003,
  /** The user has as many connections as one may have. One that is dead is closed within seconds: coming back helps. */
  crowded: 4004,
  /** The malformed-frame budget is used up. */
  malformed: 4500,
  /** The session was revoked. */
  revoked: 4501,
  /** The session's token is older than it may be. */
  expired: 4502,
  /** The user is banned. */
  banned: 4503,
} as const

/** Standard codes after which the same client would only be refused again. */
const FINAL_STANDARD_CODES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010])

/** Whether a client may connect again after a close with this code. */
export function mayReconnect(code: number): boolean {
  if (code >= 4000) return code < 4500
  return !FINAL_STANDARD_CODES.has(code)
}
