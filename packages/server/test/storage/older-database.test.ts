import { Kysely, Migrator, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { migrate, migrations } from '../../src/adapters/storage/sql/migrations/index.ts'
import { sqlStorage } from '../../src/adapters/storage/sql/sql-storage.ts'
import type { Tables } from '../../src/adapters/storage/sql/tables.ts'
import { ftsIndex } from '../../src/adapters/storage/sqlite/fts-index.ts'

const CHANNEL = 'general'
const parts = { createEpoch: () => 'epoch', search: ftsIndex }
const dialect = { search: ftsIndex, lock: 'database', isDuplicate: () => false } as const

/** The columns that the version wrote which gave every message an entry, and found its words by channel and seq. */
interface OlderTables {
  account: Record<'id' | 'name' | 'name_key' | 'password_hash' | 'role', string> & { created_at: number }
  message: Record<'channel' | 'author' | 'client_id' | 'text', string> &
    Record<'seq' | 'ordinal' | 'rev' | 'at' | 'deleted', number>
  entry: Record<'channel' | 'type' | 'actor', string> & Record<'seq' | 'target' | 'at', number>
}

const messages = [
  { seq: 1, ordinal: 1, client_id: 'a', rev: 4, text: 'green tea', deleted: 0 },
  { seq: 2, ordinal: 2, client_id: 'b', rev: 5, text: '', deleted: 1 },
  { seq: 3, ordinal: 3, client_id: 'c', rev: 3, text: '今天天气很好', deleted: 0 },
].map((row) => ({ ...row, channel: CHANNEL, author: 'mei', at: row.seq }))
const entries = [
  { seq: 1, type: 'message.created', target: 1 },
  { seq: 2, type: 'message.created', target: 2 },
  { seq: 3, type: 'message.created', target: 3 },
  { seq: 4, type: 'message.changed', target: 1 },
  { seq: 5, type: 'message.deleted', target: 2 },
].map((row) => ({ ...row, channel: CHANNEL, actor: 'mei', at: row.seq }))

test('[LOG-1] a store of an older version keeps its log, its search and its numbers', async () => {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(parts) } })
  expect((await migrator.migrateTo('0006_roles')).error).toBeUndefined()
  const older = db as unknown as Kysely<OlderTables>
  const mei = { id: 'mei', name: 'mei', name_key: 'mei', password_hash: '', role: 'owner', created_at: 1 }
  await older.insertInto('account').values(mei).execute()
  await older.insertInto('message').values(messages).execute()
  await older.insertInto('entry').values(entries).execute()
  await ftsIndex.add(
    db,
    messages.filter(({ deleted }) => deleted === 0),
  )
  await db.updateTable('channel').set({ head: 5, messages: 3 }).where('id', '=', CHANNEL).execute()

  await migrate(db, parts)

  const { log } = sqlStorage({ db, dialect, createEpoch: parts.createEpoch })
  const found = async (query: string): Promise<number[]> =>
    (await log.search({ query, channels: [CHANNEL], limit: 10 })).messages.map(({ seq }) => seq)
  const read = async (after: number, limit: number) =>
    (await log.read(CHANNEL, after, limit))?.entries.map(({ type, seq, data }) => [type, seq, data.message.seq])
  expect(await read(0, 10)).toEqual(entries.map(({ type, seq, target }) => [type, seq, target]))
  expect(await read(1, 3)).toEqual(entries.slice(1, 4).map(({ type, seq, target }) => [type, seq, target]))
  expect(await found('天气')).toEqual([3])
  const [edited, deleted, sent] = await log.append([
    { write: 'edit', channel: CHANNEL, seq: 3, actor: 'mei', text: 'black tea', at: 6 },
    { write: 'deletion', channel: CHANNEL, seq: 1, actor: 'mei', anyAuthor: false, at: 7 },
    { write: 'message', channel: CHANNEL, author: 'mei', clientId: 'd', text: 'white tea', at: 8 },
  ])
  expect([edited, deleted, sent]).toMatchObject([6, 7, 8].map((seq) => ({ outcome: 'stored', entry: { seq } })))
  expect(await found('天气')).toEqual([])
  expect(await found('tea')).toEqual([8, 3])
  expect((await read(5, 10))?.map(([type]) => type)).toEqual(['message.changed', 'message.deleted', 'message.created'])
  await db.destroy()
})
