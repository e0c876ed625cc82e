import type { Kysely, Migration } from 'kysely'

/** What users want to be called. */
export const displayNames: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable('account').addColumn('display_name', 'text').execute()
  },
}
