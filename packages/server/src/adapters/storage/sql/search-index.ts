import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** A message whose text is to be found. */
export interface IndexedMessage {
  readonly channel: string
  readonly seq: number
  readonly author: string
  readonly text: string
}

/** What a search narrows by, beside its words. */
export interface IndexSearch {
  readonly query: string
  readonly channels: readonly string[]
  readonly author: string | undefined
  /** Only ids below it. */
  readonly before: number | undefined
  readonly limit: number
}

/** A message that was found, by its id in the index: the newest has the highest. */
export interface IndexHit {
  readonly id: number
  readonly channel: string
  readonly seq: number
}

/** The words of the messages in a database's own full-text index. Each call runs in the caller's transaction. */
export interface SearchIndex {
  /** Makes the index, empty. */
  create(db: Kysely<Tables>): Promise<void>
  add(db: Kysely<Tables>, messages: readonly IndexedMessage[]): Promise<void>
  /** A message has another text; `before` is what it was added with. Its id stays. */
  change(db: Kysely<Tables>, message: Omit<IndexedMessage, 'author'>, before: string): Promise<void>
  /** Takes a message out; `text` is what it was added with. */
  remove(db: Kysely<Tables>, message: Omit<IndexedMessage, 'author'>): Promise<void>
  /** The newest first. A query without a word finds nothing. */
  find(db: Kysely<Tables>, search: IndexSearch): Promise<readonly IndexHit[]>
}
