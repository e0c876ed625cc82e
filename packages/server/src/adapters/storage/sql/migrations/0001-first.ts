import { type Kysely, type Migration, sql } from 'kysely'

/** The channels that a store is made with. Being part of the first migration, they are never made again. */
const FIRST_CHANNELS = [
  { id: 'general', kind: 'text', name: 'general', position: 0 },
  { id: 'lounge', kind: 'voice', name: 'lounge', position: 1 },
] as const

/** What this migration writes to, as it was then. */
interface FirstTables {
  channel: {
    id: string
    kind: string
    name: string
    epoch: string
    head: number
    messages: number
    position: number
  }
}

/** Accounts, sessions, channels and their logs. `createEpoch` makes a log's identity. */
export function first(createEpoch: () => string): Migration {
  return {
    up: async (db: Kysely<FirstTables>) => {
      await db.schema
        .createTable('account')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('name_key', 'text', (column) => column.notNull().unique())
        .addColumn('password_hash', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('account_owner')
        .on('account')
        .column('role')
        .unique()
        .where(sql.ref('role'), '=', sql.lit('owner'))
        .execute()
      await db.schema
        .createTable('session')
        .addColumn('token_hash', 'text', (column) => column.primaryKey())
        .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('channel')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('epoch', 'text', (column) => column.notNull())
        .addColumn('head', 'bigint', (column) => column.notNull())
        .addColumn('messages', 'bigint', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('entry')
        .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('target', 'bigint', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('entry_place', ['channel', 'seq'])
        .execute()
      await db.schema
        .createTable('message')
        .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('ordinal', 'bigint', (column) => column.notNull())
        .addColumn('author', 'text', (column) => column.notNull().references('account.id'))
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('rev', 'bigint', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('message_place', ['channel', 'seq'])
        .addUniqueConstraint('message_once', ['channel', 'author', 'client_id'])
        .execute()
      await db
        .insertInto('channel')
        .values(FIRST_CHANNELS.map((channel) => ({ ...channel, epoch: createEpoch(), head: 0, messages: 0 })))
        .execute()
    },
  }
}
