import type { Kysely, Migration } from 'kysely'
import type { Tables } from '../tables.ts'

/** Of whom users take no direct messages. */
export const blocks: Migration = {
  up: async (db: Kysely<Tables>) => {
    await db.schema
      .createTable('block')
      .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('blocked', 'text', (column) => column.notNull().references('account.id'))
      .addPrimaryKeyConstraint('block_pair', ['user', 'blocked'])
      .execute()
    await db.schema.createIndex('block_blocked').on('block').column('blocked').execute()
  },
}
