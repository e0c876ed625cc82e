import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IndexSearch } from '../../src/adapters/storage/sql/search-index.ts'
import type { Tables } from '../../src/adapters/storage/sql/tables.ts'
import { ftsIndex } from '../../src/adapters/storage/sqlite/fts-index.ts'

const CHANNELS = 300
const EVERYTHING: IndexSearch = {
  query: 'tea',
  channels: Array.from({ length: CHANNELS }, (_, at) => `c${at}`),
  author: undefined,
  before: undefined,
  limit: 51,
}

const database = new Database(':memory:')
let asked: { sql: string; parameters: readonly unknown[] } = { sql: '', parameters: [] }
const db = new Kysely<Tables>({
  dialect: new SqliteDialect({ database }),
  log: ({ query: { sql, parameters } }) => {
    asked = { sql, parameters }
  },
})

beforeAll(async () => {
  await ftsIndex.create(db)
  const messages = Array.from({ length: 2_000 }, (_, at) => {
    return { channel: `c${at % CHANNELS}`, seq: at, author: `u${at % 7}`, text: `tea ${at} 今天天气` }
  })
  for (let from = 0; from < messages.length; from += 100) await ftsIndex.add(db, messages.slice(from, from + 100))
})
afterAll(() => db.destroy())

/** How SQLite goes about a search, a line for each step. */
async function planOf(search: Partial<IndexSearch>): Promise<string[]> {
  await ftsIndex.find(db, { ...EVERYTHING, ...search })
  const rows = database.prepare(`explain query plan ${asked.sql}`).all(asked.parameters) as { detail: string }[]
  return rows.map(({ detail }) => detail)
}

test.for([
  ['a common word', {}],
  ['one character', { query: '天' }],
  ['a run', { query: '天天气' }],
  ['an author’s', { author: 'u3' }],
  ['in one channel', { channels: ['c3'] }],
  ['a later page', { before: 900 }],
] as const)('a search goes from the newest hit down, and sorts and collects nothing: %s', async ([, search]) => {
  const plan = await planOf(search)
  expect(plan[0]).toMatch(/^SCAN search_words VIRTUAL TABLE INDEX/)
  expect(plan[1]).toBe('SEARCH search_place USING INTEGER PRIMARY KEY (rowid=?)')
  expect(plan.join('\n')).not.toMatch(/TEMP B-TREE|SCAN search_place/)
})

test('what narrows a search is looked for in the index itself', async () => {
  await planOf({ channels: ['c3'], author: 'u3' })
  expect(asked.parameters[0]).toBe('words : ("tea") AND place : "a7533" AND place : ("c6333")')
  await planOf({ channels: EVERYTHING.channels.slice(0, 64) })
  expect(String(asked.parameters[0]).match(/"c/g)).toHaveLength(64)
  await planOf({ channels: EVERYTHING.channels.slice(0, 65) })
  expect(asked.parameters[0]).toBe('words : ("tea")')
})

test('many channels and few find the same', async () => {
  const few = EVERYTHING.channels.slice(0, 64)
  const many = [...few, ...Array.from({ length: 300 }, (_, at) => `no channel ${at}`)]
  for (const search of [{}, { author: 'u3' }, { query: '天', before: 700 }, { query: 'tea 63 今天' }]) {
    const hits = await ftsIndex.find(db, { ...EVERYTHING, ...search, channels: few })
    expect(hits.length).toBeGreaterThan(0)
    expect(await ftsIndex.find(db, { ...EVERYTHING, ...search, channels: many })).toEqual(hits)
    for (const { channel } of hits) expect(few).toContain(channel)
  }
})
