import type { Kysely, Migration } from 'kysely'

/** Whose accounts are whose at identity providers. */
export const identities: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('identity')
      .addColumn('issuer', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
      .addPrimaryKeyConstraint('identity_subject', ['issuer', 'subject'])
      .execute()
    await db.schema.createIndex('identity_user').on('identity').column('user').execute()
  },
}
