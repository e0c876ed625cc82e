import * as z from 'zod/mini'
import { nothing } from './fields.ts'
import { account } from './user.ts'

/** 2–32 characters, none of them a control character, no space at either end. */
const name = z.string().check(z.minLength(2), z.maxLength(32), z.regex(/^(?!\s)[^\p{C}]+(?<!\s)$/u))
const password = z.string().check(z.minLength(8), z.maxLength(256))
/** Opaque, 256 bits of randomness; the server keeps only its hash. */
const token = z.string().check(z.minLength(16), z.maxLength(256))

/** The reply to every way of authenticating. */
export const authenticated = z.object({ user: account, token })
/** See {@link authenticated}. */
export type Authenticated = z.infer<typeof authenticated>

/** Makes an account and authenticates this connection. `claim` is the first-run code that makes the owner. */
export const authRegister = {
  request: z.object({ name, password, claim: z.optional(z.string().check(z.maxLength(64))) }),
  reply: authenticated,
}

/** Authenticates this connection with a name and a password, and makes a session token. */
export const authLogin = {
  request: z.object({ name: z.string().check(z.maxLength(256)), password: z.string().check(z.maxLength(256)) }),
  reply: authenticated,
}

/** Authenticates this connection with a session token made before. */
export const authToken = { request: z.object({ token }), reply: authenticated }

/** Revokes this connection's session token; the connection then closes. */
export const authLogout = { request: nothing, reply: nothing }
