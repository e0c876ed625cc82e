import type { HistoryPage, Message } from '@arclight/core'
import type { LogRepository, PageAnchor } from '@arclight/core/contracts'
import type { LogEntry } from '@arclight/core/protocol'
import type { Kysely } from 'kysely'
import { type MessageRow, selectMessages, toMessage } from './messages.ts'
import type { Tables } from './tables.ts'

/** A page of messages in rising order, read in one snapshot. */
export async function readPage(
  db: Kysely<Tables>,
  channel: string,
  anchor: PageAnchor,
  limit: number,
): Promise<HistoryPage | undefined> {
  const head = await db
    .selectFrom('channel')
    .select(['epoch', 'head'])
    .where('id', '=', channel)
    .where('removed', '=', 0)
    .executeTakeFirst()
  if (!head) return undefined
  const rows = await pick(db, channel, anchor, limit)
  const [first, last] = [rows[0], rows.at(-1)]
  const messages = rows.map(toMessage)
  const edge = anchor.at === 'newest' ? head.head + 1 : anchor.seq
  const hasMoreBefore = await exists(db, channel, '<', first?.seq ?? (anchor.at === 'after' ? edge + 1 : edge))
  const hasMoreAfter = await exists(db, channel, '>', last?.seq ?? (anchor.at === 'before' ? edge - 1 : edge))
  return { messages, epoch: head.epoch, asOf: head.head, hasMoreBefore, hasMoreAfter }
}

/** Entries after a position, with the content of what they point to as it is now. */
export async function readLog(
  db: Kysely<Tables>,
  channel: string,
  after: number,
  limit: number,
): ReturnType<LogRepository['read']> {
  const head = await db
    .selectFrom('channel')
    .select(['epoch', 'head'])
    .where('id', '=', channel)
    .where('removed', '=', 0)
    .executeTakeFirst()
  if (!head) return undefined
  const created = (await newer(db, channel, after + 1, limit)).map((row) => entryOf('message.created', row.seq, row))
  const changed = await selectMessages(db)
    .innerJoin('entry', (join) =>
      join.onRef('entry.channel', '=', 'message.channel').onRef('entry.target', '=', 'message.seq'),
    )
    .select(['entry.seq as entry_seq', 'entry.type as entry_type'])
    .where('entry.channel', '=', channel)
    .where('entry.seq', '>', after)
    .orderBy('entry.seq', 'asc')
    .limit(limit)
    .execute()
  const changes = changed.map(({ entry_seq: seq, entry_type: type, ...row }) => entryOf(type, seq, row))
  const entries = [...created, ...changes].sort((one, other) => one.seq - other.seq).slice(0, limit)
  return { entries, ...head }
}

function entryOf(type: LogEntry['type'], seq: number, row: MessageRow): LogEntry {
  return { type, channel: row.channel, seq, data: { message: toMessage(row) } }
}

/** The pinned messages of a channel, the one pinned last first. */
export async function readPins(db: Kysely<Tables>, channel: string): Promise<Message[]> {
  const rows = await selectMessages(db)
    .where('message.channel', '=', channel)
    .where('pin_seq', 'is not', null)
    .orderBy('pin_seq', 'desc')
    .execute()
  return rows.map(toMessage)
}

async function pick(db: Kysely<Tables>, channel: string, anchor: PageAnchor, limit: number): Promise<MessageRow[]> {
  switch (anchor.at) {
    case 'newest':
      return older(db, channel, Number.MAX_SAFE_INTEGER, limit)
    case 'before':
      return older(db, channel, anchor.seq, limit)
    case 'after':
      return newer(db, channel, anchor.seq + 1, limit)
    case 'around': {
      const before = await older(db, channel, anchor.seq, Math.floor(limit / 2))
      return [...before, ...(await newer(db, channel, anchor.seq, limit - before.length))]
    }
  }
}

async function older(db: Kysely<Tables>, channel: string, below: number, limit: number): Promise<MessageRow[]> {
  if (limit === 0) return []
  const rows = await selectMessages(db)
    .where('message.channel', '=', channel)
    .where('message.seq', '<', below)
    .orderBy('message.seq', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse()
}

function newer(db: Kysely<Tables>, channel: string, from: number, limit: number): Promise<MessageRow[]> {
  return selectMessages(db)
    .where('message.channel', '=', channel)
    .where('message.seq', '>=', from)
    .orderBy('message.seq', 'asc')
    .limit(limit)
    .execute()
}

async function exists(db: Kysely<Tables>, channel: string, side: '<' | '>', seq: number): Promise<boolean> {
  const row = await db
    .selectFrom('message')
    .select('seq')
    .where('channel', '=', channel)
    .where('seq', side, seq)
    // Without an order Postgres reads the table from its beginning until it meets one.
    .orderBy('seq', side === '<' ? 'desc' : 'asc')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
