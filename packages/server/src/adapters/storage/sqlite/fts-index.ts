import { indexedWords, searchTerms } from '@arclight/core/text'
import { type Kysely, sql } from 'kysely'
import type { IndexedMessage, IndexSearch, SearchIndex } from '../sql/search-index.ts'
import type { Tables } from '../sql/tables.ts'

/**
 * So many channels at most are looked for in the index itself; each costs every step of a search a little. Past it the
 * channel of each hit is looked at.
 */
const MOST_CHANNELS_IN_INDEX = 64

const VERSION_WITH_SECURE_DELETE = 5

/**
 * FTS5 without a copy of the texts. What parts words has been decided by `searchTerms`, so the tokenizer only splits at
 * spaces. Channel and author are words of their own column: whoever looks for a common word in a quiet channel does not
 * wade through the rest. With secure-delete a word that is taken out leaves the index at once and not when its segment is
 * merged.
 */
export const ftsIndex: SearchIndex = {
  create: async (db) => {
    await createPlaces(db, 'search_place').addUniqueConstraint('search_place_message', ['channel', 'seq']).execute()
    await sql`create virtual table search_words using fts5(words, place, content = '', tokenize = 'ascii')`.execute(db)
    await sql`insert into search_words (search_words, rank) values ('secure-delete', 1)`.execute(db)
    // The version of an index that words are taken out of. SQLite itself says so only where rows are deleted, and without
    // it takes a page that has become empty for damage.
    await sql`replace into search_words_config (k, v) values ('version', ${VERSION_WITH_SECURE_DELETE})`.execute(db)
  },
  dropPlaceKey: async (db) => {
    await createPlaces(db, 'search_place_next').execute()
    await sql`insert into search_place_next select id, channel, seq, author from search_place order by id`.execute(db)
    await db.schema.dropTable('search_place').execute()
    await db.schema.alterTable('search_place_next').renameTo('search_place').execute()
  },
  add: async (db, messages) => {
    if (messages.length === 0) return []
    const places = messages.map(({ channel, seq, author }) => ({ channel, seq, author }))
    const { insertId } = await db.insertInto('search_place').values(places).executeTakeFirstOrThrow()
    // SQLite gives the rows of one insert rising ids without a gap, since nobody else writes meanwhile.
    const firstId = Number(insertId) - messages.length + 1
    const rows = messages.map((one, at) => sql`(${firstId + at}, ${indexedWords(one.text)}, ${placeWords(one)})`)
    await sql`insert into search_words (rowid, words, place) values ${sql.join(rows)}`.execute(db)
    return messages.map((_, at) => firstId + at)
  },
  change: async (db, message, before) => {
    await takeOut(db, { ...message, text: before })
    await sql`insert into search_words (rowid, words, place)
      values (${message.id}, ${indexedWords(message.text)}, ${placeWords(message)})`.execute(db)
  },
  remove: async (db, message) => {
    await db.deleteFrom('search_place').where('id', '=', message.id).execute()
    await takeOut(db, message)
  },
  find: async (db, search) => {
    const match = matchOf(search)
    if (match === undefined) return []
    const { channels, before = Number.MAX_SAFE_INTEGER, limit } = search
    // From the newest hit on, and no further than the page goes: the join's order is fixed by `cross`.
    const { rows } = await sql<{ id: number; channel: string; seq: number }>`
      select search_place.id, search_place.channel, search_place.seq
      from search_words cross join search_place on search_place.id = search_words.rowid
      where search_words match ${match} and search_words.rowid < ${before}
        and search_place.channel in (select value from json_each(${JSON.stringify(channels)}))
      order by search_words.rowid desc limit ${limit}`.execute(db)
    return rows
  },
}

/** The rows of the index, in the order of storing. */
function createPlaces(db: Kysely<Tables>, name: string) {
  return db.schema
    .createTable(name)
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('author', 'text', (column) => column.notNull())
}

/** FTS5 is told every word that is to go; it keeps no copy. */
async function takeOut(db: Kysely<Tables>, one: IndexedMessage): Promise<void> {
  await sql`insert into search_words (search_words, rowid, words, place)
    values ('delete', ${one.id}, ${indexedWords(one.text)}, ${placeWords(one)})`.execute(db)
}

function placeWords({ channel, author }: { channel: string; author: string }): string {
  return `${channelWord(channel)} ${authorWord(author)}`
}

function channelWord(id: string): string {
  return `c${hex(id)}`
}

function authorWord(id: string): string {
  return `a${hex(id)}`
}

/** Ids have characters at which the tokenizer splits, and it does not tell capitals from small letters. */
function hex(id: string): string {
  return Buffer.from(id).toString('hex')
}

/**
 * The query in FTS5's own language; undefined where it can find nothing. Each term is a quoted phrase, so that nothing in
 * it is an operator; one character of a run begins a token.
 */
function matchOf({ query, channels, author }: IndexSearch): string | undefined {
  const terms = searchTerms(query).map(({ kind, tokens }) => {
    const isOneCharacter = kind === 'run' && [...(tokens[0] as string)].length === 1
    return `"${tokens.join(' ')}"${isOneCharacter ? ' *' : ''}`
  })
  if (terms.length === 0 || channels.length === 0) return undefined
  const parts = [`words : (${[...new Set(terms)].join(' AND ')})`]
  if (author !== undefined) parts.push(`place : "${authorWord(author)}"`)
  if (channels.length <= MOST_CHANNELS_IN_INDEX) {
    parts.push(`place : (${channels.map((id) => `"${channelWord(id)}"`).join(' OR ')})`)
  }
  return parts.join(' AND ')
}
