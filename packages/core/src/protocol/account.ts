import * as z from 'zod/mini'
import { authenticated, code, givenPassword, label, password } from './auth.ts'
import { identifier, nothing, wallTime } from './fields.ts'
import { account, userName } from './user.ts'

/** Changes the caller's password; their other sessions end. */
export const accountPassword = { request: z.object({ password: givenPassword, newPassword: password }), reply: nothing }

/** Deletes the caller's account: their sessions end, their name is free, and what they wrote is by a deleted user or gone. */
export const accountDelete = {
  request: z.object({
    password: givenPassword,
    /** Where the account has a second factor. */
    code: z.optional(code),
    /** What becomes of the caller's messages; they stay unless told. */
    messages: z.optional(z.enum(['keep', 'delete'])),
  }),
  reply: nothing,
}

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
  request: z.object({
    code,
    password,
    /** Where the account has a second factor: a code of it. */
    secondFactor: z.optional(code),
    label: z.optional(label),
  }),
  reply: authenticated,
}
