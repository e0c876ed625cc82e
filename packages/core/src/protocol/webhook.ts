import * as z from 'zod/mini'
import { identifier, nothing, wallTime } from './fields.ts'
import { LIMITS } from './limits.ts'
import { userName, userSummary } from './user.ts'

/** `in`: whoever has the secret writes to the channel. `out`: the channel's entries are posted to `url`. */
export const webhookDirection = z.enum(['in', 'out'])

/** A webhook as the server's owner sees it. */
export const webhookSummary = z.object({
  id: identifier,
  direction: webhookDirection,
  channel: identifier,
  /** Who writes what comes in. */
  bot: z.optional(userSummary),
  /** Where entries go. */
  url: z.optional(z.string()),
  /** Where an `in` webhook takes requests, below the server's address. */
  path: z.optional(z.string()),
  createdAt: wallTime,
  /** Since when no delivery has succeeded; left out while they do. */
  failingSince: z.optional(wallTime),
})
/** See {@link webhookSummary}. */
export type WebhookSummary = z.infer<typeof webhookSummary>

/** Signs what is posted, by Standard Webhooks: `whsec_` and 24 random bytes in Base64. Shown this once. */
const secret = z.string().check(z.minLength(32), z.maxLength(128))

/** Makes a webhook. `in` needs a `name` to write under, `out` a `url`. */
export const webhookCreate = {
  request: z.object({
    channel: identifier,
    direction: webhookDirection,
    name: z.optional(userName),
    url: z.optional(z.string().check(z.minLength(8), z.maxLength(LIMITS.webhookUrl), z.regex(/^https?:\/\/[^\s]+$/))),
  }),
  reply: z.object({ webhook: webhookSummary, secret }),
}

/** The webhooks of the server, the newest first. */
export const webhookList = { request: nothing, reply: z.object({ webhooks: z.array(webhookSummary) }) }

/** Gives a webhook another secret; the one before is worth nothing. */
export const webhookRenew = { request: z.object({ webhook: identifier }), reply: z.object({ secret }) }

/** Ends a webhook. */
export const webhookDelete = { request: z.object({ webhook: identifier }), reply: nothing }
