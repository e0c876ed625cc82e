import type { LogEntry } from '../../protocol/log.ts'
import type { HistoryPage, Message } from '../../protocol/message.ts'

/** A message to be stored. */
export interface MessageAppend {
  readonly channel: string
  readonly author: string
  readonly clientId: string
  readonly text: string
  /** The client id of the author's message to this channel without which this one is not stored. */
  readonly after?: string | undefined
  /** Wall time in milliseconds. */
  readonly at: number
}

/**
 * What became of one append: stored now, a repeat of one stored before (whatever its `after`), the channel does not
 * exist, or what it names in `after` is stored neither in the log nor before it in the batch.
 */
export type AppendResult =
  | { readonly outcome: 'stored' | 'repeated'; readonly message: Message }
  | { readonly outcome: 'no-channel' }
  | { readonly outcome: 'out-of-order' }

/** Where a history page lies. */
export type PageAnchor =
  | { readonly at: 'newest' }
  | { readonly at: 'before' | 'after' | 'around'; readonly seq: number }

/** The channels' logs. */
export interface LogRepository {
  /**
   * Stores a batch and resolves when all of it is durable, results in the batch's order. Within a channel `seq` is
   * gapless and commit order is seq order, whoever else appends. All or nothing: on rejection none was stored.
   */
  append(batch: readonly MessageAppend[]): Promise<readonly AppendResult[]>
  /** Entries above `after`, rising, at most `limit`; undefined for an unknown channel. Content as it is now. */
  read(
    channel: string,
    after: number,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly epoch: string; readonly head: number } | undefined>
  /** A page of messages, rising; undefined for an unknown channel. */
  page(channel: string, anchor: PageAnchor, limit: number): Promise<HistoryPage | undefined>
}
