import { type Kysely, type Migration, sql } from 'kysely'
import type { SearchIndex } from '../search-index.ts'
import type { Tables } from '../tables.ts'

/**
 * A new message is written to fewer places. Its row is its entry, so that only changes have entries of their own; and it
 * says itself under which id it can be searched, so that nobody looks that up by channel and seq.
 */
export function smallerLog(search: SearchIndex): Migration {
  return {
    up: async (db: Kysely<Tables>) => {
      await db.schema.alterTable('message').addColumn('search_id', 'bigint').execute()
      await sql`update message set search_id = (select id from search_place
        where search_place.channel = message.channel and search_place.seq = message.seq)`.execute(db)
      await search.dropPlaceKey(db)
      await sql`delete from entry where type = 'message.created'`.execute(db)
    },
  }
}
