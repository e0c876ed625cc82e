import * as z from 'zod/mini'
import { identifier, nothing } from './fields.ts'
import { channelPermissions } from './permission.ts'

/** Whom it is about: a role, or one user. */
const subject = { role: z.optional(identifier), user: z.optional(identifier) }

/** What a channel allows or denies a role or a user, beside what their role says. Of the two, the user's counts last. */
export const permit = z.object({ ...subject, allow: channelPermissions, deny: channelPermissions })
/** See {@link permit}. */
export type Permit = z.infer<typeof permit>

/** The permits of a channel, those of roles first. */
export const permitList = {
  request: z.object({ channel: identifier }),
  reply: z.object({ permits: z.array(permit) }),
}

/** Sets what a channel allows or denies a role or a user, in the place of what it did; with nothing in both, it is gone. */
export const permitSet = {
  request: z.object({
    channel: identifier,
    ...subject,
    allow: channelPermissions,
    deny: channelPermissions,
  }),
  reply: nothing,
}
