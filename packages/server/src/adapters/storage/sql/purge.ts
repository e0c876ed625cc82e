import { type Kysely, sql } from 'kysely'
import type { SearchIndex } from './search-index.ts'
import type { Tables } from './tables.ts'
import { removeUploadsOf } from './uploads.ts'

/**
 * Deletes a slice of what removed channels held, and the channels that hold nothing more; false when there is nothing
 * left to do. A channel of a million messages never holds the writer for long.
 */
export async function purgeRemoved(db: Kysely<Tables>, most: number, search: SearchIndex): Promise<boolean> {
  const channel = await db.selectFrom('channel').select('id').where('removed', '=', 1).executeTakeFirst()
  if (!channel) return false
  const { id } = channel
  const rows = await db
    .selectFrom('message')
    .select(['seq', 'channel', 'author', 'text', 'search_id'])
    .where('channel', '=', id)
    .orderBy('seq')
    .limit(most)
    .execute()
  const last = rows.at(-1)
  if (!last) {
    if (!(await purgeEntries(db, id, most))) await purgeChannel(db, id)
    return true
  }
  for (const { search_id: place, ...row } of rows) {
    if (place !== null) await search.remove(db, { ...row, id: place })
  }
  for (const table of ['mention', 'reaction'] as const) {
    await sql`delete from ${sql.table(table)} where channel = ${id} and seq <= ${last.seq}`.execute(db)
  }
  await db
    .deleteFrom('entry')
    .where('channel', '=', id)
    .where('target', '<=', last.seq)
    .where('seq', '<=', last.seq)
    .execute()
  await removeUploadsOf(db, { channel: id, seq: last.seq }, true)
  await db.deleteFrom('message').where('channel', '=', id).where('seq', '<=', last.seq).execute()
  return true
}

/** Entries that messages got after they were stored, whose messages are gone; false where there are none. */
async function purgeEntries(db: Kysely<Tables>, channel: string, most: number): Promise<boolean> {
  const rows = await db
    .selectFrom('entry')
    .select('seq')
    .where('channel', '=', channel)
    .orderBy('seq')
    .limit(most)
    .execute()
  const last = rows.at(-1)
  if (!last) return false
  await db.deleteFrom('entry').where('channel', '=', channel).where('seq', '<=', last.seq).execute()
  return true
}

async function purgeChannel(db: Kysely<Tables>, id: string): Promise<void> {
  for (const table of ['member', 'read_marker', 'webhook', 'permit', 'silence'] as const) {
    await sql`delete from ${sql.table(table)} where channel = ${id}`.execute(db)
  }
  await db.deleteFrom('channel').where('id', '=', id).execute()
}
