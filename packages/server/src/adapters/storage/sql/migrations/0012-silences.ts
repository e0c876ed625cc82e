import type { Kysely, Migration } from 'kysely'
import type { Tables } from '../tables.ts'

/** What was taken from users in voice channels. */
export const silences: Migration = {
  up: async (db: Kysely<Tables>) => {
    await db.schema
      .createTable('silence')
      .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
      .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('muted', 'integer', (column) => column.notNull())
      .addColumn('deafened', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('silence_place', ['channel', 'user'])
      .execute()
  },
}
