import * as z from 'zod/mini'
import { authenticated, label } from './auth.ts'

/** A JSON Web Token (RFC 7519) in its compact form. */
const jwt = z.string().check(z.minLength(1), z.maxLength(8_192))
/** What was given out once, good for a minute. */
const signInCode = z.string().check(z.minLength(1), z.maxLength(64))
/** What the client made up and kept to itself (RFC 7636, 4.1). */
const verifier = z.string().check(z.regex(/^[A-Za-z0-9._~-]{43,128}$/))

/** Authenticates this connection with a token of the identity provider that the server trusts. */
export const authJwt = { request: z.object({ token: jwt, label: z.optional(label) }), reply: authenticated }

/** Authenticates this connection with what came back from the provider's page, and with the verifier of its challenge. */
export const authCode = {
  request: z.object({ code: signInCode, verifier, label: z.optional(label) }),
  reply: authenticated,
}
