import type { LogWrite, PageAnchor, Storage } from '@arclight/core/contracts'
import { CompiledQuery, Kysely, type LogEvent, PostgresDialect, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDuplicate } from '../../src/adapters/storage/postgres/errors.ts'
import { SafePool } from '../../src/adapters/storage/postgres/safe-pool.ts'
import { vectorIndex } from '../../src/adapters/storage/postgres/vector-index.ts'
import { migrate } from '../../src/adapters/storage/sql/migrations/index.ts'
import { sqlStorage } from '../../src/adapters/storage/sql/sql-storage.ts'
import type { Tables } from '../../src/adapters/storage/sql/tables.ts'
import { ftsIndex } from '../../src/adapters/storage/sqlite/fts-index.ts'
import { POSTGRES, testDatabase, WITH_POSTGRES } from './test-database.ts'

type Repositories = Omit<Storage, 'open' | 'close'>

/** A statement as the database was given it. */
interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

const [CHANNEL, OTHER] = ['general', 'lounge']
const USERS = 2_000
const MESSAGES = 10_000
const BATCH = 500
const LIMIT = 50
const MIDDLE = MESSAGES / 4
/** What says that a message was changed. */
const CHANGE = { channel: CHANNEL, type: 'message.changed', at: 1 } as const

const anchors: readonly PageAnchor[] = [
  { at: 'newest' },
  { at: 'before', seq: MIDDLE },
  { at: 'after', seq: MIDDLE },
  { at: 'around', seq: MIDDLE },
]

/** Everything that a client reads of a channel's past. */
const queries: readonly (readonly [name: string, read: (storage: Repositories) => Promise<unknown>])[] = [
  ...anchors.map((anchor) => {
    return [`a page, ${anchor.at}`, ({ log }: Repositories) => log.page(CHANNEL, anchor, LIMIT)] as const
  }),
  ['the log after a cursor', ({ log }) => log.read(CHANNEL, MIDDLE, LIMIT)],
  ['the pins', ({ log }) => log.pins(CHANNEL)],
  ['who reacted', ({ log }) => log.reactors({ channel: CHANNEL, seq: 2 }, { emoji: '👍', limit: LIMIT })],
  ['the unread counts', ({ reads }) => reads.markers('user-3', [CHANNEL, OTHER])],
]

/** Enough of everything that the database's planner finds an index worth its while. */
async function fill(db: Kysely<Tables>, { log }: Repositories): Promise<void> {
  const users = Array.from({ length: USERS }, (_, at) => `user-${at}`)
  const account = { password_hash: '', role: 'member', created_at: 1, bot: 0 } as const
  for (const ids of slices(users)) {
    await db
      .insertInto('account')
      .values(ids.map((id) => ({ ...account, id, name: id, name_key: id })))
      .execute()
  }
  for (const numbers of slices(Array.from({ length: MESSAGES }, (_, at) => at))) await log.append(numbers.map(message))
  await log.append([pin(10), pin(20)])
  let nextSeq = MESSAGES
  for (const ids of slices(users)) {
    const markers = ids.map((user) => ({ user, channel: CHANNEL, seq: MIDDLE, ordinal: MIDDLE }))
    await db.insertInto('read_marker').values(markers).execute()
    const reactions = ids.map((user, at) => ({ channel: CHANNEL, seq: 2 + (at % 2), emoji: '👍', user, entry_seq: at }))
    await db.insertInto('reaction').values(reactions).execute()
    const entries = ids.map((actor, at) => ({ ...CHANGE, seq: nextSeq + at, target: 1 + (at % MIDDLE), actor }))
    await db.insertInto('entry').values(entries).execute()
    nextSeq += ids.length
  }
}

function slices<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: values.length / BATCH }, (_, at) => values.slice(at * BATCH, (at + 1) * BATCH))
}

function message(number: number): LogWrite {
  const channel = number % 2 === 0 ? CHANNEL : OTHER
  const mentions = [`user-${(number * 7) % USERS}`]
  const author = `user-${number % USERS}`
  return { write: 'message', channel, author, clientId: `m${number}`, text: `tea ${number}`, mentions, at: number }
}

function pin(seq: number): LogWrite {
  return { write: 'pin', channel: CHANNEL, seq, on: true, actor: 'user-1', at: 1 }
}

/** What was read since it was last asked. */
function recorder(): { log: (event: LogEvent) => void; take: () => Statement[] } {
  let statements: Statement[] = []
  return {
    log: ({ query: { sql, parameters } }) => {
      if (sql.startsWith('select')) statements.push({ sql, parameters })
    },
    take: () => {
      const taken = statements
      statements = []
      return taken
    },
  }
}

const createEpoch = () => 'epoch'

describe('SQLite', () => {
  const { log, take } = recorder()
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(':memory:') }), log })
  const dialect = { search: ftsIndex, lock: 'database', isDuplicate: () => false } as const
  const storage = sqlStorage({ db, dialect, createEpoch })

  beforeAll(async () => {
    await migrate(db, { createEpoch, search: ftsIndex })
    await fill(db, storage)
  })
  afterAll(() => db.destroy())

  test.for(queries)('by an index and in its order, nothing scanned or sorted: %s', async ([, read]) => {
    take()
    await read(storage)
    const statements = take()
    expect(statements.length).toBeGreaterThan(0)
    for (const { sql, parameters } of statements) {
      const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters])
      const { rows } = await db.executeQuery<{ detail: string }>(explain)
      for (const { detail } of rows) expect(detail, sql).toMatch(/^SEARCH \S+ USING (COVERING )?INDEX /)
    }
  })
})

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const { url } = testDatabase()
  const { log, take } = recorder()
  const pool = new SafePool({ url, schema: 'public', connections: 2, statementTimeoutMs: 0 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log })
  const storage = sqlStorage({ db, dialect: { search: vectorIndex, lock: 'rows', isDuplicate }, createEpoch })

  beforeAll(async () => {
    await migrate(db, { createEpoch, search: vectorIndex })
    await fill(db, storage)
    await db.executeQuery(CompiledQuery.raw('analyze'))
  })
  afterAll(() => db.destroy())

  test.for(queries)('by an index and in its order, never a table from its beginning: %s', async ([, read]) => {
    take()
    await read(storage)
    const statements = take()
    expect(statements.length).toBeGreaterThan(0)
    for (const { sql, parameters } of statements) {
      const explain = CompiledQuery.raw(`explain (costs off) ${sql}`, [...parameters])
      const { rows } = await db.executeQuery<{ 'QUERY PLAN': string }>(explain)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      // Of a few channels a database reads all rather than their index.
      expect(plan, sql).not.toMatch(/Seq Scan on (?!channel$)/m)
      expect(plan, sql).not.toMatch(/^(Limit\n +-> +)?Sort/)
    }
  })
})
