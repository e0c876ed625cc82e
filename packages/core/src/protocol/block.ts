import * as z from 'zod/mini'
import { clientIdentifier, identifier, nothing } from './fields.ts'
import { userSummary } from './user.ts'

/** Takes no direct messages of a user from here on, or takes them again. */
export const userBlock = { request: z.object({ user: clientIdentifier, on: z.boolean() }), reply: nothing }

/** Whom the caller has blocked, in the order of their ids. */
export const userBlocks = { request: nothing, reply: z.object({ users: z.array(userSummary) }) }

/** The caller has blocked a user on another connection, or does so no more. */
export const userBlocked = z.object({ user: identifier, on: z.boolean() })
