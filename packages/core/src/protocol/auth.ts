import * as z from 'zod/mini'
import { identifier, nothing, storable, wallTime } from './fields.ts'
import { account, userName } from './user.ts'

/** A password to be set. */
export const password = z.string().check(z.minLength(8), z.maxLength(256))
/** A password as somebody typed it. */
export const givenPassword = z.string().check(z.maxLength(256))
/** A code that somebody copied: shown once, or six digits of an authenticator app. */
export const code = z.string().check(z.minLength(1), z.maxLength(64))
/** Opaque, 256 bits of randomness; the server keeps only its hash. */
export const token = z.string().check(z.minLength(16), z.maxLength(256))
/** What the user's list of sessions calls this one: "Firefox on Linux". */
export const label = z.string().check(z.minLength(1), z.maxLength(64), storable)

/** A session's token, and how long it is good for unless it is used or refreshed, by the server's wall clock. */
const grant = {
  token,
  /** Names the session, for as long as it lives; no secret. */
  session: identifier,
  expiresAt: wallTime,
  /** From then on a client refreshes. */
  refreshAt: wallTime,
}

/** The reply to every way of authenticating. */
export const authenticated = z.object({
  user: account,
  ...grant,
  /** Ids of those whom the user has blocked; left out where there are none. */
  blocked: z.optional(z.array(identifier)),
})
/** See {@link authenticated}. */
export type Authenticated = z.infer<typeof authenticated>

/** Makes an account and authenticates this connection. `claim` is the first-run code that makes the owner, `invite` what somebody gave. */
export const authRegister = {
  request: z.object({
    name: userName,
    password,
    claim: z.optional(z.string().check(z.maxLength(64))),
    invite: z.optional(z.string().check(z.maxLength(64))),
    label: z.optional(label),
  }),
  reply: authenticated,
}

/** Authenticates this connection with a name, a password and a second factor, and makes a session token. */
export const authLogin = {
  request: z.object({
    name: z.string().check(z.maxLength(256)),
    password: givenPassword,
    /** Where the account has a second factor: six digits, or a recovery code. */
    code: z.optional(code),
    label: z.optional(label),
  }),
  reply: authenticated,
}

/** Makes an account without a password and authenticates this connection. A name that is taken is answered with another. */
export const authGuest = {
  request: z.object({ name: z.optional(userName), label: z.optional(label) }),
  reply: authenticated,
}

/** Authenticates this connection with a session token made before. */
export const authToken = { request: z.object({ token }), reply: authenticated }

/**
 * Makes the session good for longer. With `rotate` it gets another token, and the one before works until the new one
 * was used, so that a lost reply costs nothing.
 */
export const authRefresh = { request: z.object({ rotate: z.boolean() }), reply: z.object(grant) }

/** One of the caller's sessions. */
export const sessionSummary = z.object({
  id: identifier,
  label: z.optional(z.string()),
  createdAt: wallTime,
  /** To the hour. */
  usedAt: wallTime,
  expiresAt: wallTime,
  /** Whether the caller's own connection belongs to it. */
  current: z.boolean(),
  /** Its open connections. */
  connections: z.int().check(z.nonnegative()),
})
/** See {@link sessionSummary}. */
export type SessionSummary = z.infer<typeof sessionSummary>

/** The caller's sessions that still work, the one used last first. */
export const authSessions = { request: nothing, reply: z.object({ sessions: z.array(sessionSummary) }) }

/** Ends one of the caller's sessions, with all its connections. */
export const authRevoke = { request: z.object({ session: identifier }), reply: nothing }

/** Ends this connection's session, with all its connections, this one too. */
export const authLogout = { request: nothing, reply: nothing }
