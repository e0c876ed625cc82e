import type { LogEntry } from '../../protocol/log.ts'
import type { HistoryPage, Message } from '../../protocol/message.ts'
import type { UserSummary } from '../../protocol/user.ts'

/** Names a message. */
export interface MessagePlace {
  readonly channel: string
  readonly seq: number
}

/** Who writes, and when. */
interface Signed {
  readonly actor: string
  /** Wall time in milliseconds. */
  readonly at: number
}

/** A message to be stored. */
export interface MessageAppend {
  readonly write: 'message'
  readonly channel: string
  readonly author: string
  readonly clientId: string
  readonly text: string
  /** The client id of the author's message to this channel without which this one is not stored. */
  readonly after?: string | undefined
  /** The seq of a message of this channel, a deleted one too. */
  readonly replyTo?: number | undefined
  /** Ids, each once; users that do not exist are left out. */
  readonly mentions?: readonly string[] | undefined
  /** Ids of the author's finished uploads, each once, that nothing has yet; the message has them from then on. */
  readonly attachments?: readonly string[] | undefined
  /** Wall time in milliseconds. */
  readonly at: number
}

/** Another text for a message, by its author; another than it has. */
export interface MessageEdit extends MessagePlace, Signed {
  readonly write: 'edit'
  readonly text: string
  /** See {@link MessageAppend}. */
  readonly mentions?: readonly string[] | undefined
}

/** Takes everything of a message but its place, its files too. `anyAuthor`: not only the actor's own. */
export interface MessageDeletion extends MessagePlace, Signed {
  readonly write: 'deletion'
  readonly anyAuthor: boolean
}

/** The actor's emoji under a message. */
export interface ReactionWrite extends MessagePlace, Signed {
  readonly write: 'reaction'
  readonly emoji: string
  readonly on: boolean
}

/** A message's pin. */
export interface PinWrite extends MessagePlace, Signed {
  readonly write: 'pin'
  readonly on: boolean
}

/** Something that adds an entry to a channel's log. */
export type LogWrite = MessageAppend | MessageEdit | MessageDeletion | ReactionWrite | PinWrite

/**
 * What became of one write: stored now; nothing to store, since it is as it should be (a message with its client id,
 * whatever its `after`; the same text; the reaction, the pin or the tombstone that is there); or why not: no such
 * channel; no such message, or one that is deleted; another author's; what it names in `after` is stored neither in the
 * log nor before it in the batch; no room for another kind of reaction or another pin; a file that is not the author's to
 * attach, or not any more.
 */
export type WriteResult =
  | { readonly outcome: 'stored'; readonly entry: LogEntry }
  | { readonly outcome: 'repeated'; readonly message: Message }
  | { readonly outcome: 'no-channel' | 'no-message' | 'not-author' | 'out-of-order' | 'full' | 'no-file' }

/** Where a history page lies. */
export type PageAnchor =
  | { readonly at: 'newest' }
  | { readonly at: 'before' | 'after' | 'around'; readonly seq: number }

/** What is looked for. */
export interface LogSearch {
  /** As the user wrote it. */
  readonly query: string
  /** The channels to look in: those that the user may read. */
  readonly channels: readonly string[]
  readonly author?: string | undefined
  /** The `next` of the page before. */
  readonly before?: number | undefined
  readonly limit: number
}

/** The channels' logs. */
export interface LogRepository {
  /**
   * Stores a batch and resolves when all of it is durable, results in the batch's order. Within a channel `seq` is
   * gapless and commit order is seq order, whoever else appends. All or nothing: on rejection none was stored. What is
   * searched changes in the same transaction; of a deleted message no text is left anywhere.
   */
  append(batch: readonly LogWrite[]): Promise<readonly WriteResult[]>
  /** Entries above `after`, rising, at most `limit`; undefined for an unknown channel. Content as it is now. */
  read(
    channel: string,
    after: number,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly epoch: string; readonly head: number } | undefined>
  /**
   * An author's messages of all channels, but for deleted ones, behind a message of theirs; of a channel together, in no order
   * that means anything. Every call takes about as long, however much others have written.
   */
  byAuthor(
    author: string,
    page: { readonly after?: Pick<MessageAppend, 'channel' | 'clientId'> | undefined; readonly limit: number },
  ): Promise<{ readonly messages: readonly Message[]; readonly hasMore: boolean }>
  /** A page of messages, rising; undefined for an unknown channel. */
  page(channel: string, anchor: PageAnchor, limit: number): Promise<HistoryPage | undefined>
  /** The pinned messages of a channel, the one pinned last first. */
  pins(channel: string): Promise<readonly Message[]>
  /** Who put an emoji under a message, the earliest first, behind the user `after`. */
  reactors(
    place: MessagePlace,
    page: { readonly emoji: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<{ readonly users: readonly UserSummary[]; readonly hasMore: boolean }>
  /** Messages that hold all that the query holds (see `searchTerms`), the newest first. A query without a word finds nothing. */
  search(search: LogSearch): Promise<{ readonly messages: readonly Message[]; readonly next?: number | undefined }>
}
