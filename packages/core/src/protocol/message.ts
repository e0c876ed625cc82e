import * as z from 'zod/mini'
import { clientIdentifier, identifier, pageLimit, position, storable, wallTime } from './fields.ts'
import { attachment } from './file.ts'
import { LIMITS } from './limits.ts'
import { userSummary } from './user.ts'

/** zod's own maxLength counts code points; a text is counted in code units. */
const most = z.refine<string>((value) => value.length <= LIMITS.messageText, 'Too long')

/** Something visible: not only white space. */
const text = z.string().check(z.minLength(1), z.maxLength(LIMITS.messageText), z.regex(/\S/), storable, most)

/** As {@link text}, or nothing: of a message that has files. */
const caption = z.string().check(z.maxLength(LIMITS.messageText), storable, most)

/** Ids of files, each once. */
const files = z.array(identifier).check(
  z.maxLength(LIMITS.attachments),
  z.refine((ids) => new Set(ids).size === ids.length, 'expected each file once'),
)

/** An emoji, or a word of the application's own such as `:ship:`. */
const emoji = z.string().check(z.minLength(1), z.maxLength(LIMITS.emoji), z.regex(/^\S+$/), storable)

/** Users that the message is to reach in particular. */
const mentions = z.array(identifier).check(z.maxLength(LIMITS.mentions))

/** One emoji under a message. */
export const reaction = z.object({
  emoji: z.string(),
  /** How many users. */
  count: position,
  /** Their ids, the earliest first, at most 10. */
  users: z.array(identifier),
})
/** See {@link reaction}. */
export type Reaction = z.infer<typeof reaction>

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
  /** Empty once it is deleted, and where the message is its files alone. */
  text: z.string(),
  at: wallTime,
  /** The seq of the message of this channel that it answers. */
  replyTo: z.optional(position),
  mentions: z.optional(z.array(identifier)),
  editedAt: z.optional(wallTime),
  /** A tombstone: nothing but its place is left. */
  deleted: z.optional(z.literal(true)),
  pinned: z.optional(z.literal(true)),
  reactions: z.optional(z.array(reaction)),
  attachments: z.optional(z.array(attachment)),
})
/** See {@link message}. */
export type Message = z.infer<typeof message>

/** Names a message. */
const place = { channel: identifier, seq: position }
const changed = z.object({ message })

/**
 * Stores a message. `clientId` is unique for ever in (channel, author): a repeat gets the first one's reply. `after`
 * is the client id of the author's message to the same channel that must be stored first.
 */
export const messageSend = {
  request: z
    .object({
      channel: identifier,
      clientId: clientIdentifier,
      text: caption,
      after: z.optional(clientIdentifier),
      replyTo: z.optional(position),
      mentions: z.optional(mentions),
      /** Files that the caller uploaded and that nothing has yet. */
      attachments: z.optional(files),
    })
    .check(
      z.refine(({ text, attachments = [] }) => attachments.length > 0 || /\S/.test(text), {
        path: ['text'],
        error: 'expected something visible, or files',
      }),
    ),
  reply: z.object({ message }),
}

/** Gives one of the caller's messages another text, and other mentions with it. */
export const messageEdit = {
  request: z.object({ ...place, text, mentions: z.optional(mentions) }),
  reply: changed,
}

/** Takes away everything of a message but its place. */
export const messageDelete = { request: z.object(place), reply: changed }

/** Puts the caller's emoji under a message, or takes it away. */
export const messageReact = { request: z.object({ ...place, emoji, on: z.boolean() }), reply: changed }

/** Who put an emoji under a message, the earliest first. */
export const messageReactors = {
  request: z.object({
    ...place,
    emoji,
    /** Behind this user. */
    after: z.optional(identifier),
    limit: z.optional(pageLimit),
  }),
  reply: z.object({ users: z.array(userSummary), hasMore: z.boolean() }),
}

/** Pins a message, or takes the pin out. */
export const messagePin = { request: z.object({ ...place, on: z.boolean() }), reply: changed }

/** The pinned messages of a channel, the one pinned last first. */
export const messagePins = {
  request: z.object({ channel: identifier }),
  reply: z.object({ messages: z.array(message) }),
}

/** Messages that hold every word of `query`, in the channels that the caller may read, the newest first. */
export const messageSearch = {
  request: z.object({
    query: z.string().check(z.minLength(1), z.maxLength(LIMITS.searchQuery), storable),
    /** Only in this channel. */
    channel: z.optional(identifier),
    /** Only by this user. */
    author: z.optional(identifier),
    /** The `next` of the page before. */
    before: z.optional(position),
    limit: z.optional(pageLimit),
  }),
  reply: z.object({
    messages: z.array(message),
    /** Where the next page begins; left out on the last. */
    next: z.optional(position),
  }),
}

/** A message was stored. */
export const messageCreated = changed

/** A message was edited, or its reactions or its pin have changed: the whole message, never a delta. */
export const messageChanged = changed

/** A message was deleted: its tombstone. */
export const messageDeleted = changed

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
