import type { Kysely, Migration } from 'kysely'

/** The catalogue of recordings. */
export const recordings: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('recording')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('duration_ms', 'double precision', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('video_frames', 'integer', (column) => column.notNull())
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .execute()
    await db.schema.createIndex('recording_owner').on('recording').columns(['owner', 'started_at']).execute()
  },
}
