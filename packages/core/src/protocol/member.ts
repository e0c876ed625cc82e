import * as z from 'zod/mini'
import { clientIdentifier, identifier, nothing, pageLimit } from './fields.ts'
import { userSummary } from './user.ts'

/** The members of a private or a direct channel, in the order of their ids. */
export const memberList = {
  request: z.object({
    channel: identifier,
    /** Behind this member. */
    after: z.optional(clientIdentifier),
    limit: z.optional(pageLimit),
  }),
  reply: z.object({ members: z.array(userSummary), hasMore: z.boolean() }),
}

/** Lets a user into a private channel or a group. */
export const memberAdd = { request: z.object({ channel: identifier, user: identifier }), reply: nothing }

/** Takes a member out; a member may take themselves out. */
export const memberRemove = { request: z.object({ channel: identifier, user: identifier }), reply: nothing }
