import type { Request } from 'express'
import type { Sessions } from '../accounts/sessions.ts'
import { Refusal } from '../refusal.ts'

/** RFC 6750; a token in a query, a body or a cookie is none. */
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i

/** The id of the user whose session token the request carries. Throws `unauthenticated`, or `banned`. */
export async function bearer(request: Request, sessions: Sessions): Promise<string> {
  const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) throw new Refusal('unauthenticated', 'expected Authorization: Bearer and a session token')
  return (await sessions.byToken(token)).account.id
}
