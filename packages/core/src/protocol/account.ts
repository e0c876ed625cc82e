import * as z from 'zod/mini'
import { authenticated, givenPassword, label, password } from './auth.ts'
import { identifier, nothing, wallTime } from './fields.ts'
import { account, userName } from './user.ts'

/** A code that was shown once. */
export const code = z.string().check(z.minLength(1), z.maxLength(64))

/** Changes the caller's password; their other sessions end. */
export const accountPassword = { request: z.object({ password: givenPassword, newPassword: password }), reply: nothing }

/** Makes a guest's account one with a name and a password, with all that they have; `invite` is what somebody gave. */
export const accountClaim = {
  request: z.object({ name: userName, password, invite: z.optional(code) }),
  reply: z.object({ user: account }),
}

/** The caller's own account is another than it was: another role, another name. */
export const accountChanged = z.object({ user: account })

/** Makes a code by which a user who forgot their password sets another, once. */
export const userReset = {
  request: z.object({ user: identifier }),
  reply: z.object({ code: z.string(), expiresAt: wallTime }),
}

/** Sets another password by such a code, and authenticates this connection; all sessions before end. */
export const authReset = {
  request: z.object({ code, password, label: z.optional(label) }),
  reply: authenticated,
}
