import type { LogRepository, LogSearch } from '@arclight/core/contracts'
import { type Kysely, sql } from 'kysely'
import { selectMessages, toMessage } from './messages.ts'
import type { SearchIndex } from './search-index.ts'
import type { Tables } from './tables.ts'

/** Messages by their words, the newest first. */
export async function searchLog(
  db: Kysely<Tables>,
  index: SearchIndex,
  { query, channels, author, before, limit }: LogSearch,
): ReturnType<LogRepository['search']> {
  const hits = await index.find(db, { query, channels, author, before, limit: limit + 1 })
  const page = hits.slice(0, limit)
  if (page.length === 0) return { messages: [] }
  const places = page.map(({ channel, seq }) => sql`(${channel}, cast(${seq} as bigint))`)
  const rows = await selectMessages(db)
    .where(sql<boolean>`(message.channel, message.seq) in (values ${sql.join(places)})`)
    .execute()
  const byPlace = new Map(rows.map((row) => [keyOf(row), toMessage(row)]))
  const messages = page.flatMap((hit) => byPlace.get(keyOf(hit)) ?? [])
  return hits.length > limit ? { messages, next: page.at(-1)?.id } : { messages }
}

function keyOf({ channel, seq }: { channel: string; seq: number }): string {
  return `${seq} ${channel}`
}
