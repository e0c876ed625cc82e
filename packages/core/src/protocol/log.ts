import * as z from 'zod/mini'
import { identifier, pageLimit, position } from './fields.ts'
import { messageChanged, messageCreated, messageDeleted } from './message.ts'

const place = { channel: identifier, seq: position }

/** One entry of a channel's log, exactly as its live event: a client treats both alike. */
export const logEntry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message.created'), ...place, data: messageCreated }),
  z.object({ type: z.literal('message.changed'), ...place, data: messageChanged }),
  z.object({ type: z.literal('message.deleted'), ...place, data: messageDeleted }),
])
/** See {@link logEntry}. */
export type LogEntry = z.infer<typeof logEntry>

/** The types of {@link logEntry}. */
export const ENTRY_TYPES = [
  'message.created',
  'message.changed',
  'message.deleted',
] as const satisfies LogEntry['type'][]

function isUnknown(type: string): boolean {
  return !(ENTRY_TYPES as readonly string[]).includes(type)
}

/** An entry of a type that this version does not know: it keeps its place, and nothing else is read of it. */
export const unknownEntry = z.object({ type: z.string().check(z.refine(isUnknown)), ...place })

/** Entries with `seq` above `after`, in rising order: how a client catches up and how it fills a gap. */
export const logRead = {
  request: z.object({ channel: identifier, after: position, limit: z.optional(pageLimit) }),
  reply: z.object({ entries: z.array(z.union([logEntry, unknownEntry])), epoch: identifier, head: position }),
}
