import * as z from 'zod/mini'
import { identifier, nothing, position } from './fields.ts'

/** `text` has messages; `voice` has those too, and can be talked in. */
export const channelKind = z.enum(['text', 'voice'])

/** A channel as its readers see it. `epoch` changes when the log was restored, truncated or lost. */
export const channelSummary = z.object({
  id: identifier,
  kind: channelKind,
  name: z.string(),
  epoch: identifier,
  head: position,
})
/** See {@link channelSummary}. */
export type ChannelSummary = z.infer<typeof channelSummary>

/** A position that survives reconnects: `seq` of the log that `epoch` names. */
export const cursor = z.object({ epoch: identifier, seq: position })
/** See {@link cursor}. */
export type Cursor = z.infer<typeof cursor>

/** The channels that the caller may read. */
export const channelList = { request: nothing, reply: z.object({ channels: z.array(channelSummary) }) }

/** Starts this connection's live traffic of a channel, from the head that the reply names. */
export const channelJoin = {
  request: z.object({ channel: identifier }),
  reply: z.object({ channel: channelSummary }),
}

/** Ends this connection's live traffic of a channel. */
export const channelLeave = { request: z.object({ channel: identifier }), reply: nothing }

/** The connection was too slow for this channel's log; what is past `seq` must be pulled. */
export const channelLagging = z.object({ channel: identifier, seq: position })
