import * as z from 'zod/mini'
import { clientIdentifier, identifier, pageLimit, position, storable, wallTime } from './fields.ts'
import { LIMITS } from './limits.ts'
import { userSummary } from './user.ts'

/** Something visible: not only white space. zod's own maxLength counts code points; a text is counted in code units. */
const text = z.string().check(
  z.minLength(1),
  z.maxLength(LIMITS.messageText),
  z.regex(/\S/),
  storable,
  z.refine((value) => value.length <= LIMITS.messageText, 'Too long'),
)

/**
 * A stored message. `seq` is its place in the channel's log, `ordinal` its place among the channel's messages
 * (from 1), `rev` the seq of the last entry that changed it.
 */
export const message = z.object({
  channel: identifier,
  seq: position,
  ordinal: position,
  rev: position,
  author: userSummary,
  clientId: clientIdentifier,
  text: z.string(),
  at: wallTime,
})
/** See {@link message}. */
export type Message = z.infer<typeof message>

/**
 * Stores a message. `clientId` is unique for ever in (channel, author): a repeat gets the first one's reply. `after`
 * is the client id of the author's message to the same channel that must be stored first.
 */
export const messageSend = {
  request: z.object({
    channel: identifier,
    clientId: clientIdentifier,
    text,
    after: z.optional(clientIdentifier),
  }),
  reply: z.object({ message }),
}

/** A message was stored. */
export const messageCreated = z.object({ message })

/** A page of messages, in rising `seq`. `asOf` is the head that it was read at. */
export const historyPage = {
  request: z.object({
    channel: identifier,
    /** At most one of the three; without any, the newest page. */
    before: z.optional(position),
    after: z.optional(position),
    around: z.optional(position),
    limit: z.optional(pageLimit),
  }),
  reply: z.object({
    messages: z.array(message),
    epoch: identifier,
    asOf: position,
    hasMoreBefore: z.boolean(),
    hasMoreAfter: z.boolean(),
  }),
}
/** See {@link historyPage}. */
export type HistoryPage = z.infer<typeof historyPage.reply>
