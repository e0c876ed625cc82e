import * as z from 'zod/mini'
import { identifier, nothing, wallTime } from './fields.ts'
import { LIMITS } from './limits.ts'
import { userSummary } from './user.ts'

/** Whoever has its code may make an account, whatever the server says of registration but `closed`. */
export const invite = z.object({
  id: identifier,
  /** The role that the account gets. */
  role: identifier,
  by: userSummary,
  createdAt: wallTime,
  expiresAt: wallTime,
  /** Accounts that can still be made with it. */
  uses: z.int(),
})
/** See {@link invite}. */
export type Invite = z.infer<typeof invite>

/** Makes an invite: for one account and seven days unless told. Its code is shown this once. */
export const inviteCreate = {
  request: z.object({
    role: z.optional(identifier),
    uses: z.optional(z.int().check(z.gte(1), z.lte(LIMITS.inviteUses))),
    expiresInMs: z.optional(z.int().check(z.gte(1), z.lte(LIMITS.inviteMs))),
  }),
  reply: z.object({ invite, code: z.string() }),
}

/** The invites that still work, the newest first. */
export const inviteList = { request: nothing, reply: z.object({ invites: z.array(invite) }) }

/** Ends an invite. */
export const inviteDelete = { request: z.object({ invite: identifier }), reply: nothing }
