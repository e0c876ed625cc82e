import type { Kysely, Migration } from 'kysely'

/** Accounts that their users delete. */
export const deletedAccounts: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('account')
      .addColumn('erasing', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
