import type { Kysely, Migration } from 'kysely'

/** Sessions that end. */
export const sessions: Migration = {
  up: async (db: Kysely<unknown>) => {
    // Sessions had no end before: everybody signs in once more.
    await db.schema.dropTable('session').execute()
    await db.schema
      .createTable('session')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('label', 'text')
      .addColumn('token_hash', 'text', (column) => column.notNull().unique())
      .addColumn('previous_hash', 'text', (column) => column.unique())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('session_user').on('session').columns(['user', 'expires_at']).execute()
  },
}
