import * as z from 'zod/mini'
import { token } from './auth.ts'
import { identifier, nothing } from './fields.ts'
import { userName, userSummary } from './user.ts'

/** Makes an account for a program. Its token is shown this once. */
export const botCreate = {
  request: z.object({ name: userName }),
  reply: z.object({ bot: userSummary, token }),
}

/** The bots of the server, in the order of their names. */
export const botList = { request: nothing, reply: z.object({ bots: z.array(userSummary) }) }

/** Gives a bot another token; the one before, and every connection that used it, ends. */
export const botRenew = { request: z.object({ bot: identifier }), reply: z.object({ token }) }

/** Ends a bot: its token, its connections, its webhooks. What it wrote stays. */
export const botDelete = { request: z.object({ bot: identifier }), reply: nothing }
