import * as z from 'zod/mini'
import { identifier, nothing, position, storable } from './fields.ts'
import { LIMITS } from './limits.ts'
import { readMarker } from './read.ts'
import { userSummary } from './user.ts'

/** `text` has messages; `voice` has those too, and can be talked in; `direct` is for its members alone. */
export const channelKind = z.enum(['text', 'voice', 'direct'])

/**
 * A channel as its readers see it. `epoch` changes when the log was restored, truncated or lost. What is left out has
 * its plain value: no topic, not private, not archived, no slow mode.
 */
export const channelSummary = z.object({
  id: identifier,
  kind: channelKind,
  name: z.string(),
  topic: z.optional(z.string()),
  /** Its members alone may read it; a direct channel is so by its kind. */
  private: z.optional(z.literal(true)),
  /** It can be read, and nothing else. */
  archived: z.optional(z.literal(true)),
  /** Milliseconds between two messages of one author. */
  slowModeMs: z.optional(z.int().check(z.gte(1))),
  /** Of a direct channel: everybody in it. */
  members: z.optional(z.array(userSummary)),
  epoch: identifier,
  head: position,
  /** Messages that the log has, deleted ones too: the newest one's ordinal. */
  messages: z.optional(position),
})
/** See {@link channelSummary}. */
export type ChannelSummary = z.infer<typeof channelSummary>

/** A position that survives reconnects: `seq` of the log that `epoch` names. */
export const cursor = z.object({ epoch: identifier, seq: position })
/** See {@link cursor}. */
export type Cursor = z.infer<typeof cursor>

/** 1–64 characters, none of them a control character, no space at either end. */
const name = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^(?!\s)[^\p{C}]+(?<!\s)$/u))
const topic = z.string().check(z.maxLength(LIMITS.topic), storable)
/** 0 switches it off. */
const slowModeMs = z.int().check(z.gte(0), z.lte(LIMITS.slowModeMs))

/** A channel of the caller's list. */
export const listedChannel = z.object({ ...channelSummary.shape, read: z.optional(readMarker) })
/** See {@link listedChannel}. */
export type ListedChannel = z.infer<typeof listedChannel>

/** The channels that the caller may read. */
export const channelList = { request: nothing, reply: z.object({ channels: z.array(listedChannel) }) }

/** Starts this connection's live traffic of a channel, from the head that the reply names. */
export const channelJoin = {
  request: z.object({ channel: identifier }),
  reply: z.object({ channel: channelSummary }),
}

/** Ends this connection's live traffic of a channel. */
export const channelLeave = { request: z.object({ channel: identifier }), reply: nothing }

/** Makes a channel, last in the order. The caller is a private one's first member. */
export const channelCreate = {
  request: z.object({
    kind: z.enum(['text', 'voice']),
    name,
    topic: z.optional(topic),
    private: z.optional(z.boolean()),
    slowModeMs: z.optional(slowModeMs),
  }),
  reply: z.object({ channel: channelSummary }),
}

/** Changes what is given of a channel, and leaves the rest. */
export const channelUpdate = {
  request: z.object({
    channel: identifier,
    name: z.optional(name),
    topic: z.optional(topic),
    archived: z.optional(z.boolean()),
    slowModeMs: z.optional(slowModeMs),
    /** The channel that it is to stand before in the order; null puts it last. */
    before: z.optional(z.nullable(identifier)),
  }),
  reply: z.object({ channel: channelSummary }),
}

/** Removes a channel with everything in it, for ever. */
export const channelDelete = { request: z.object({ channel: identifier }), reply: nothing }

/** A channel was made or changed, or has become the caller's to read: the whole channel, never a delta. */
export const channelChanged = z.object({ channel: channelSummary })

/** The order has changed: the ids of all channels that the caller may read and that stand in it, which direct ones do not. */
export const channelOrdered = z.object({ channels: z.array(identifier) })

/** A channel is gone, or no longer the caller's to read. */
export const channelRemoved = z.object({ channel: identifier })

/** The connection was too slow for this channel's log; what is past `seq` must be pulled. */
export const channelLagging = z.object({ channel: identifier, seq: position })
