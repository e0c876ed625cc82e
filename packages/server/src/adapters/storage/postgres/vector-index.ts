import { indexedWords, searchTerms } from '@arclight/core/text'
import { sql } from 'kysely'
import type { SearchIndex } from '../sql/search-index.ts'

/** Bytes that a lexeme may have; a word of a query is far shorter. */
const MOST_LEXEME = 2_046

/**
 * A `tsvector` a message under a GIN index. Vectors and queries are written out, lexeme by lexeme, and no parser of
 * Postgres's own takes them apart: that one goes by the database's locale, and knows `example.org` and `3e5` as things
 * of their own. Of one word in a message Postgres keeps the first 255 places, which phrases are found by.
 */
export const vectorIndex: SearchIndex = {
  create: async (db) => {
    await db.schema
      .createTable('search_place')
      .addColumn('id', 'bigint', (column) => column.generatedByDefaultAsIdentity().primaryKey())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('author', 'text', (column) => column.notNull())
      .addColumn('words', sql`tsvector`, (column) => column.notNull())
      .addUniqueConstraint('search_place_message', ['channel', 'seq'])
      .execute()
    await sql`create index search_place_words on search_place using gin (words)`.execute(db)
  },
  dropPlaceKey: async (db) => {
    await db.schema.alterTable('search_place').dropConstraint('search_place_message').execute()
  },
  add: async (db, messages) => {
    if (messages.length === 0) return []
    const rows = messages.map(({ channel, seq, author, text }) => ({ channel, seq, author, words: vectorOf(text) }))
    const { rows: places } = await sql<{ id: number }>`insert into search_place (channel, seq, author, words)
      select channel, seq, author, words::tsvector
      from rows from (json_to_recordset(${JSON.stringify(rows)}) as (channel text, seq bigint, author text, words text))
        with ordinality
      order by ordinality
      returning id`.execute(db)
    // Ids rise in the order of the rows, whatever the order that they are told in.
    return places.map(({ id }) => id).sort((one, other) => one - other)
  },
  change: async (db, { id, text }) => {
    await sql`update search_place set words = ${vectorOf(text)}::tsvector where id = ${id}`.execute(db)
  },
  remove: async (db, { id }) => {
    await db.deleteFrom('search_place').where('id', '=', id).execute()
  },
  find: async (db, { query, channels, author, before, limit }) => {
    const wanted = queryOf(query)
    if (wanted === undefined || channels.length === 0) return []
    return await db
      .selectFrom('search_place')
      .select(['id', 'channel', 'seq'])
      .where(sql<boolean>`words @@ ${wanted}::tsquery`)
      .where(sql<boolean>`channel = any(${channels}::text[])`)
      .$if(author !== undefined, (all) => all.where('author', '=', author as string))
      .$if(before !== undefined, (all) => all.where('id', '<', before as number))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  },
}

/** The words of a text with their places; one too long to be a lexeme leaves its place empty. */
function vectorOf(text: string): string {
  const words = indexedWords(text)
    .split(' ')
    .map((word, at) => (isLexeme(word) ? `${quoted(word)}:${at + 1}` : ''))
  return words.filter((word) => word !== '').join(' ')
}

/** Each term as a phrase of quoted lexemes; one character of a run begins a lexeme. */
function queryOf(query: string): string | undefined {
  const terms = searchTerms(query)
  if (terms.length === 0) return undefined
  const phrases = terms.map(({ kind, tokens }) => {
    const isOneCharacter = kind === 'run' && [...(tokens[0] as string)].length === 1
    return `(${tokens.map(quoted).join(' <-> ')}${isOneCharacter ? ':*' : ''})`
  })
  return phrases.join(' & ')
}

function isLexeme(word: string): boolean {
  return word !== '' && Buffer.byteLength(word) <= MOST_LEXEME
}

function quoted(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
