import { type Kysely, type Migration, sql } from 'kysely'
import type { SearchIndex } from '../search-index.ts'
import type { Tables } from '../tables.ts'

/** Channels that are made and changed, members, read markers, edits, reactions, pins, search, bots and webhooks. */
export function chat(search: SearchIndex): Migration {
  return {
    up: async (db: Kysely<Tables>) => {
      await alterAccounts(db)
      await alterChannels(db)
      await alterMessages(db)
      await createWebhooks(db)
      await search.create(db)
      await indexAll(db, search)
    },
  }
}

async function alterAccounts(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .alterTable('account')
    .addColumn('bot', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}

async function alterChannels(db: Kysely<Tables>): Promise<void> {
  const add = () => db.schema.alterTable('channel')
  await add().addColumn('name_key', 'text').execute()
  await add().addColumn('direct_key', 'text').execute()
  await add()
    .addColumn('topic', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  for (const flag of ['private', 'archived', 'slow_mode_ms', 'removed'] as const) {
    await add()
      .addColumn(flag, 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  }
  // Those that exist have names in plain lower case.
  await sql`update channel set name_key = name`.execute(db)
  await db.schema.createIndex('channel_name').on('channel').column('name_key').unique().execute()
  await db.schema.createIndex('channel_direct').on('channel').column('direct_key').unique().execute()
  await db.schema
    .createTable('member')
    .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
    .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
    .addPrimaryKeyConstraint('member_place', ['channel', 'user'])
    .execute()
  await db.schema
    .createTable('read_marker')
    .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('ordinal', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('read_marker_place', ['user', 'channel'])
    .execute()
}

async function alterMessages(db: Kysely<Tables>): Promise<void> {
  const add = () => db.schema.alterTable('message')
  await add().addColumn('reply_to', 'bigint').execute()
  await add().addColumn('mentions', 'text').execute()
  await add().addColumn('edited_at', 'bigint').execute()
  await add()
    .addColumn('deleted', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await add().addColumn('pin_seq', 'bigint').execute()
  await add().addColumn('reactions', 'text').execute()
  await db.schema
    .createIndex('message_pin')
    .on('message')
    .columns(['channel', 'pin_seq'])
    .where(sql.ref('pin_seq'), 'is not', null)
    .execute()
  await db.schema
    .createTable('mention')
    .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('mention_place', ['user', 'channel', 'seq'])
    .addForeignKeyConstraint('mention_message', ['channel', 'seq'], 'message', ['channel', 'seq'])
    .execute()
  await db.schema.createIndex('mention_message').on('mention').columns(['channel', 'seq']).execute()
  await db.schema
    .createTable('reaction')
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('entry_seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reaction_place', ['channel', 'seq', 'emoji', 'user'])
    .addForeignKeyConstraint('reaction_message', ['channel', 'seq'], 'message', ['channel', 'seq'])
    .execute()
  await db.schema
    .createIndex('reaction_order')
    .on('reaction')
    .columns(['channel', 'seq', 'emoji', 'entry_seq'])
    .execute()
}

async function createWebhooks(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('webhook')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
    .addColumn('bot', 'text', (column) => column.references('account.id'))
    .addColumn('url', 'text')
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('cursor_epoch', 'text')
    .addColumn('cursor_seq', 'bigint')
    .addColumn('failing_since', 'bigint')
    .execute()
}

/** Messages that an earlier version stored are found too. */
async function indexAll(db: Kysely<Tables>, search: SearchIndex): Promise<void> {
  const SLICE = 500
  let from = { channel: '', seq: 0 }
  for (;;) {
    const rows = await db
      .selectFrom('message')
      .select(['channel', 'seq', 'author', 'text'])
      .where((eb) =>
        eb.or([eb('channel', '>', from.channel), eb.and([eb('channel', '=', from.channel), eb('seq', '>', from.seq)])]),
      )
      .orderBy('channel')
      .orderBy('seq')
      .limit(SLICE)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    await search.add(db, rows)
    from = { channel: last.channel, seq: last.seq }
  }
}
