import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** A message whose text is to be found. */
export interface NewlyIndexed {
  readonly channel: string
  readonly seq: number
  readonly author: string
  readonly text: string
}

/** A message in the index, by the id that it got there. */
export interface IndexedMessage {
  readonly id: number
  readonly channel: string
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
  /** Makes the index, empty, with a key that finds a message's place by channel and seq. */
  create(db: Kysely<Tables>): Promise<void>
  /** Places are found by their ids alone from here on. */
  dropPlaceKey(db: Kysely<Tables>): Promise<void>
  /** Resolves with the messages' ids, in their order. */
  add(db: Kysely<Tables>, messages: readonly NewlyIndexed[]): Promise<readonly number[]>
  /** A message has the text that is given; `before` is what it had. Its id stays. */
  change(db: Kysely<Tables>, message: IndexedMessage, before: string): Promise<void>
  /** Takes a message out; `text` is what it has. */
  remove(db: Kysely<Tables>, message: IndexedMessage): Promise<void>
  /** The newest first. A query without a word finds nothing. */
  find(db: Kysely<Tables>, search: IndexSearch): Promise<readonly IndexHit[]>
}
