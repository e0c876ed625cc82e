import * as z from 'zod/mini'
import { identifier, position } from './fields.ts'

/** How far a user has read a channel, and what is left. */
export const readMarker = z.object({
  /** The newest entry that was read; 0 for none. */
  seq: position,
  /** The ordinal of the newest message at or below it. */
  ordinal: position,
  /** Messages above it. */
  unread: position,
  /** Messages above it that mention the user. */
  mentions: position,
})
/** See {@link readMarker}. */
export type ReadMarker = z.infer<typeof readMarker>

/** The caller has read the channel up to `seq`. A marker never goes back. */
export const readMark = {
  request: z.object({ channel: identifier, seq: position }),
  reply: z.object({ read: readMarker }),
}

/** Another connection of the same user has read on. */
export const readChanged = z.object({ channel: identifier, read: readMarker })
