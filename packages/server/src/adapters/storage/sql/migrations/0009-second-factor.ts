import type { Kysely, Migration } from 'kysely'

/** Log-ins that need a code beside the password. */
export const secondFactor: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('account')
      .addColumn('second_factor', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createTable('second_factor')
      .addColumn('user', 'text', (column) => column.primaryKey().references('account.id'))
      .addColumn('salt', 'text', (column) => column.notNull())
      .addColumn('step', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('recovery_code')
      .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('recovery_code_of', ['user', 'code_hash'])
      .execute()
  },
}
