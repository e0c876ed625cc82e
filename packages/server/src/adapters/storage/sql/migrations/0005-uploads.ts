import type { Kysely, Migration } from 'kysely'

/** Files that users upload: attachments and avatars. */
export const uploads: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('upload')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text')
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .addColumn('thumbnail', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('channel', 'text')
      .addColumn('seq', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('upload_owner').on('upload').columns(['owner', 'state']).execute()
    await db.schema.createIndex('upload_state').on('upload').columns(['state', 'expires_at']).execute()
    await db.schema.createIndex('upload_message').on('upload').columns(['channel', 'seq']).execute()
    await db.schema.alterTable('message').addColumn('attachments', 'text').execute()
    await db.schema.alterTable('account').addColumn('avatar', 'text').execute()
  },
}
