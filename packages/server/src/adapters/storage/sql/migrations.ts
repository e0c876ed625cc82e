import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** The channels that a store is made with. Being part of the first migration, they are never made again. */
const FIRST_CHANNELS = [
  { id: 'general', kind: 'text', name: 'general', position: 0 },
  { id: 'lounge', kind: 'voice', name: 'lounge', position: 1 },
] as const

/** Every change of the schema, oldest first, by a name that sorts. `createEpoch` makes a log's identity. */
function migrations(createEpoch: () => string): Record<string, Migration> {
  return {
    '0001_first': {
      up: async (db: Kysely<Tables>) => {
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
    },
    '0002_recordings': {
      up: async (db: Kysely<Tables>) => {
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
    },
    '0003_sessions': {
      up: async (db: Kysely<Tables>) => {
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
    },
  }
}

/** Brings the store to this program's schema. Rejects with a sentence where it cannot. */
export async function migrate(db: Kysely<Tables>, createEpoch: () => string): Promise<void> {
  const known = migrations(createEpoch)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  const reason = error instanceof Error ? error.message : String(error)
  if (/corrupted migrations/.test(reason)) {
    throw new Error('the database was written by a newer version of Arclight; update the program', { cause: error })
  }
  throw new Error(`the database could not be brought up to date: ${reason}`, { cause: error })
}
