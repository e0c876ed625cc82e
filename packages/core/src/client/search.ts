import type { ReplyData } from '../protocol/requests.ts'
import type { CallOptions } from './channels/channel.ts'
import type { Connection } from './connection.ts'
import { pages } from './pages.ts'

/** What to look for. */
export interface SearchOptions extends CallOptions {
  /** Words, 1–200 characters; no character of it is an operator. */
  readonly query: string
  /** Only in this channel. */
  readonly channel?: string | undefined
  /** Only by this user. */
  readonly author?: string | undefined
  /** Messages in a page: 1–100. */
  readonly limit?: number | undefined
}

/** Pages of messages, the newest first. */
export type SearchPage = ReplyData<'message.search'>

/** See `Client.search`. */
export function search(
  connection: Connection,
  { signal, ...first }: SearchOptions,
): AsyncGenerator<SearchPage, void, undefined> {
  return pages(connection, 'message.search', first, {
    next: ({ next }) => (next === undefined ? undefined : { before: next }),
    signal,
  })
}
