import * as z from 'zod/mini'
import { channelSummary } from './channel.ts'
import { clientIdentifier, identifier } from './fields.ts'
import { LIMITS } from './limits.ts'

/**
 * The direct channel of the caller and `users`: with one other user always the same one, made where there is none;
 * with more, a new group for each `clientId` of the caller's.
 */
export const directOpen = {
  request: z.object({
    users: z.array(identifier).check(z.minLength(1), z.maxLength(LIMITS.directMembers - 1)),
    clientId: z.optional(clientIdentifier),
  }),
  reply: z.object({ channel: channelSummary }),
}
