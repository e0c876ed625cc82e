import * as z from 'zod/mini'
import { identifier, pageLimit, position } from './fields.ts'
import { messageCreated } from './message.ts'

/** One entry of a channel's log, exactly as its live event: a client treats both alike. */
export const logEntry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message.created'), channel: identifier, seq: position, data: messageCreated }),
])
/** See {@link logEntry}. */
export type LogEntry = z.infer<typeof logEntry>

/** An entry of a type that this version does not know: it keeps its place, and nothing else is read of it. */
export const unknownEntry = z.object({
  type: z.string().check(z.refine((type) => type !== 'message.created')),
  channel: identifier,
  seq: position,
})

/** Entries with `seq` above `after`, in rising order: how a client catches up and how it fills a gap. */
export const logRead = {
  request: z.object({ channel: identifier, after: position, limit: z.optional(pageLimit) }),
  reply: z.object({ entries: z.array(z.union([logEntry, unknownEntry])), epoch: identifier, head: position }),
}
