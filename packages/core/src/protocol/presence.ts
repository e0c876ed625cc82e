import * as z from 'zod/mini'
import { nothing, position } from './fields.ts'
import { userSummary } from './user.ts'

/** What others see of whether somebody is there. */
export const presenceStatus = z.enum(['online', 'away', 'busy', 'offline'])
/** See {@link presenceStatus}. */
export type PresenceStatus = z.infer<typeof presenceStatus>

/** A user and whether they are there. */
export const userPresence = z.object({ user: userSummary, status: presenceStatus })
/** See {@link userPresence}. */
export type UserPresence = z.infer<typeof userPresence>

/** How the caller, on all their connections, is shown; `offline` hides them. */
export const presenceSet = { request: z.object({ status: presenceStatus }), reply: nothing }

/** Starts this connection's news of who is there; the reply has those who are, at most 500, and how many they are. */
export const presenceWatch = {
  request: nothing,
  reply: z.object({ present: z.array(userPresence), count: position }),
}

/** Ends it. */
export const presenceUnwatch = { request: nothing, reply: nothing }

/** Somebody came, went, or is shown otherwise. */
export const presenceChanged = userPresence
