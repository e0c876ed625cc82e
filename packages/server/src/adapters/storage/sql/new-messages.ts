import type { Message } from '@arclight/core'
import type { MessageAppend, WriteResult } from '@arclight/core/contracts'
import { type Insertable, type Kysely, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import { padded, powersOfTwo } from './few-sizes.ts'
import { FreeUploads } from './free-uploads.ts'
import { type MessageRow, selectMessages, toMessage } from './messages.ts'
import type { SearchIndex } from './search-index.ts'
import type { Tables } from './tables.ts'
import { readUsers, type UserRow } from './users.ts'

/** A channel's counters while a batch is written. */
export interface Head {
  readonly epoch: string
  head: number
  messages: number
}

/** What a message is known by before it has a seq. */
type MessageKey = Pick<MessageAppend, 'channel' | 'author' | 'clientId'>

/**
 * The new messages of one batch: told apart from repeats and numbered one by one, written many at a time. The
 * transaction holds the channels' rows, so that nobody else appends to them meanwhile.
 */
export class NewMessages {
  readonly #db: Kysely<Tables>
  readonly #search: SearchIndex
  /** Who wrote, and who is mentioned, as far as they exist. */
  readonly #users: ReadonlyMap<string, UserRow>
  /** What those who write have uploaded and may attach. */
  readonly #uploads: FreeUploads
  /** Messages of the batch and those stored before that it names, by their keys. */
  readonly #known: Map<string, MessageRow>
  #unwritten: MessageRow[] = []

  private constructor(
    db: Kysely<Tables>,
    parts: {
      search: SearchIndex
      users: ReadonlyMap<string, UserRow>
      uploads: FreeUploads
      known: Map<string, MessageRow>
    },
  ) {
    this.#db = db
    this.#search = parts.search
    this.#users = parts.users
    this.#uploads = parts.uploads
    this.#known = parts.known
  }

  /** Reads what the batch has to know of what is stored. */
  static async open(
    db: Kysely<Tables>,
    { search, lock, appends }: Pick<Dialect, 'search' | 'lock'> & { appends: readonly MessageAppend[] },
  ): Promise<NewMessages> {
    const known = new Map<string, MessageRow>()
    const keys = appends.flatMap(({ channel, author, clientId, after }) =>
      after === undefined
        ? [{ channel, author, clientId }]
        : [
            { channel, author, clientId },
            { channel, author, clientId: after },
          ],
    )
    for (const row of await findByKeys(db, keys)) known.set(keyOf({ ...row, clientId: row.client_id }), row)
    const named = new Set(appends.flatMap(({ author, mentions = [] }) => [author, ...mentions]))
    const [users, uploads] = [await readUsers(db, [...named]), await FreeUploads.open(db, { appends, lock })]
    return new NewMessages(db, { search, users, uploads, known })
  }

  /** Numbers a message, to be written with `flush`. */
  async add(one: MessageAppend, head: Head): Promise<WriteResult> {
    const { channel, author, clientId, text, after, at, replyTo } = one
    const stored = this.#known.get(keyOf(one))
    if (stored) return { outcome: 'repeated', message: toMessage(stored) }
    const before = after === undefined ? undefined : { channel, author, clientId: after }
    if (before && !this.#known.has(keyOf(before))) return { outcome: 'out-of-order' }
    if (replyTo !== undefined && !(await this.#exists(channel, replyTo))) return { outcome: 'no-message' }
    const files = this.#uploads.take(one)
    if (!files) return { outcome: 'no-file' }
    head.head++
    head.messages++
    const { name = '', bot = 0, avatar = null, display_name = null } = this.#users.get(author) ?? {}
    const mentions = one.mentions?.filter((user) => this.#users.has(user)) ?? []
    const row: MessageRow = {
      channel,
      seq: head.head,
      ordinal: head.messages,
      author,
      client_id: clientId,
      rev: head.head,
      at,
      text,
      reply_to: replyTo ?? null,
      mentions: mentions.length === 0 ? null : JSON.stringify(mentions),
      edited_at: null,
      deleted: 0,
      pin_seq: null,
      reactions: null,
      attachments: files.length === 0 ? null : JSON.stringify(files),
      search_id: null,
      author_name: name,
      author_bot: bot,
      author_avatar: avatar,
      author_display_name: display_name,
    }
    this.#known.set(keyOf(one), row)
    this.#unwritten.push(row)
    return { outcome: 'stored', entry: createdEntry(toMessage(row)) }
  }

  /** A message was changed behind the batch's back: a repeat gets it as it is then. */
  update(row: MessageRow): void {
    const key = keyOf({ ...row, clientId: row.client_id })
    if (this.#known.has(key)) this.#known.set(key, row)
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const rows = this.#unwritten
    this.#unwritten = []
    for (const some of powersOfTwo(rows)) await this.#write(some)
  }

  async #write(rows: readonly MessageRow[]): Promise<void> {
    const ids = await this.#search.add(this.#db, rows)
    for (const [at, row] of rows.entries()) row.search_id = ids[at] as number
    await this.#db.insertInto('message').values(rows.map(insertable)).execute()
    await insertMentions(this.#db, rows)
    await this.#uploads.give(rows)
  }

  async #exists(channel: string, seq: number): Promise<boolean> {
    if (this.#unwritten.some((row) => row.channel === channel && row.seq === seq)) return true
    const row = await this.#db
      .selectFrom('message')
      .select('seq')
      .where('channel', '=', channel)
      .where('seq', '=', seq)
      .executeTakeFirst()
    return row !== undefined
  }
}

/** What is written of a new message: without what its author's row has, and what every message begins with. */
function insertable(row: MessageRow): Insertable<Tables['message']> {
  const { author_name, author_bot, author_avatar, author_display_name, ...own } = row
  const { edited_at, deleted, pin_seq, reactions, ...columns } = own
  return columns
}

/** The mentions of messages that have none in the table yet. */
export async function insertMentions(
  db: Kysely<Tables>,
  messages: readonly Pick<MessageRow, 'channel' | 'seq' | 'mentions'>[],
): Promise<void> {
  const rows = messages.flatMap(({ channel, seq, mentions }) =>
    mentions === null ? [] : (JSON.parse(mentions) as string[]).map((user) => ({ user, channel, seq })),
  )
  if (rows.length > 0) await db.insertInto('mention').values(rows).execute()
}

function createdEntry(message: Message) {
  const { channel, seq } = message
  return { type: 'message.created' as const, channel, seq, data: { message } }
}

async function findByKeys(db: Kysely<Tables>, keys: readonly MessageKey[]): Promise<MessageRow[]> {
  if (keys.length === 0) return []
  const rows: MessageRow[] = []
  for (const slice of padded(keys)) {
    const some = slice.map(({ channel, author, clientId }) => sql`(${channel}, ${author}, ${clientId})`)
    const found = selectMessages(db).where(
      sql<boolean>`(message.channel, message.author, message.client_id) in (values ${sql.join(some)})`,
    )
    rows.push(...(await found.execute()))
  }
  return rows
}

function keyOf({ channel, author, clientId }: MessageKey): string {
  return JSON.stringify([channel, author, clientId])
}
