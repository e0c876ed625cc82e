import * as z from 'zod/mini'
import { identifier, nothing } from './fields.ts'
import { userSummary } from './user.ts'

/** The caller types, or has stopped. It ends by itself after 6 s, with a message, and with the connection. */
export const typingSet = { request: z.object({ channel: identifier, typing: z.boolean() }), reply: nothing }

/** Who types in a channel: everybody, at most 10, never a delta. */
export const typingChanged = z.object({ channel: identifier, users: z.array(userSummary) })
