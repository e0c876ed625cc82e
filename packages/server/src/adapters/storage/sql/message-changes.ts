import type {
  LogWrite,
  MessageAppend,
  MessageDeletion,
  MessageEdit,
  PinWrite,
  WriteResult,
} from '@arclight/core/contracts'
import { LIMITS, type LogEntry } from '@arclight/core/protocol'
import type { Kysely, Updateable } from 'kysely'
import { type MessageRow, selectMessages, toMessage } from './messages.ts'
import { type Head, insertMentions } from './new-messages.ts'
import { changeReaction, forgetReactions } from './reactions.ts'
import type { SearchIndex } from './search-index.ts'
import type { Tables } from './tables.ts'
import { removeUploadsOf } from './uploads.ts'
import { readUsers } from './users.ts'

/** A write that changes a message that is there. */
export type MessageChange = Exclude<LogWrite, MessageAppend>

/** What a change works with. */
export interface ChangeParts {
  readonly db: Kysely<Tables>
  readonly search: SearchIndex
  readonly head: Head
  /** Hears of the row as it is then. */
  readonly changed: (row: MessageRow) => void
}

type Change = Updateable<Tables['message']>
/** What becomes of the row; undefined where it is as it should be; or why nothing does. */
type Decision = Change | undefined | 'not-author' | 'full'

/** Changes one message inside the batch's transaction and adds the entry that says so. */
export async function changeMessage(write: MessageChange, parts: ChangeParts): Promise<WriteResult> {
  const { db, head } = parts
  const row = await readMessage(db, write)
  if (!row || (row.deleted !== 0 && write.write !== 'deletion')) return { outcome: 'no-message' }
  const seq = head.head + 1
  const change = await decide(write, row, seq, parts)
  if (typeof change === 'string') return { outcome: change }
  if (!change) return { outcome: 'repeated', message: toMessage(row) }
  head.head = seq
  const { channel, actor, at } = write
  const changed: MessageRow = { ...row, ...(change as Partial<MessageRow>), rev: seq }
  await db
    .updateTable('message')
    .set({ ...change, rev: seq })
    .where('channel', '=', channel)
    .where('seq', '=', row.seq)
    .execute()
  parts.changed(changed)
  const type: LogEntry['type'] = write.write === 'deletion' ? 'message.deleted' : 'message.changed'
  await db.insertInto('entry').values({ channel, seq, type, target: row.seq, actor, at }).execute()
  return { outcome: 'stored', entry: { type, channel, seq, data: { message: toMessage(changed) } } }
}

function decide(write: MessageChange, row: MessageRow, seq: number, parts: ChangeParts): Promise<Decision> {
  switch (write.write) {
    case 'edit':
      return edit(write, row, parts)
    case 'deletion':
      return erase(write, row, parts)
    case 'reaction':
      return changeReaction(parts.db, { write, row, seq })
    case 'pin':
      return pin(write, row, seq, parts)
  }
}

async function edit(write: MessageEdit, row: MessageRow, { db, search }: ChangeParts): Promise<Decision> {
  const { channel, seq, author, search_id: id } = row
  const { actor, text, at, mentions: named = [] } = write
  if (author !== actor) return 'not-author'
  const users = await readUsers(db, named)
  const known = named.filter((user) => users.has(user))
  const mentions = known.length === 0 ? null : JSON.stringify(known)
  if (text === row.text && mentions === row.mentions) return undefined
  if (id !== null) await search.change(db, { id, channel, author, text }, row.text)
  await forgetMentions(db, row)
  await insertMentions(db, [{ channel, seq, mentions }])
  return { text, mentions, edited_at: at }
}

async function erase(write: MessageDeletion, row: MessageRow, { db, search }: ChangeParts): Promise<Decision> {
  if (row.author !== write.actor && !write.anyAuthor) return 'not-author'
  if (row.deleted !== 0) return undefined
  if (row.search_id !== null) await search.remove(db, { ...row, id: row.search_id })
  await forgetMentions(db, row)
  await forgetReactions(db, row)
  if (row.attachments !== null) await removeUploadsOf(db, row)
  const gone = { mentions: null, edited_at: null, pin_seq: null, reactions: null, attachments: null, search_id: null }
  return { text: '', deleted: 1, ...gone }
}

async function pin({ on }: PinWrite, row: MessageRow, seq: number, { db }: ChangeParts): Promise<Decision> {
  if (on === (row.pin_seq !== null)) return undefined
  if (!on) return { pin_seq: null }
  const { pins } = await db
    .selectFrom('message')
    .select(({ fn }) => fn.countAll<number>().as('pins'))
    .where('channel', '=', row.channel)
    .where('pin_seq', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(pins) >= LIMITS.pins ? 'full' : { pin_seq: seq }
}

async function forgetMentions(db: Kysely<Tables>, { channel, seq, mentions }: MessageRow): Promise<void> {
  if (mentions === null) return
  await db.deleteFrom('mention').where('channel', '=', channel).where('seq', '=', seq).execute()
}

function readMessage(
  db: Kysely<Tables>,
  { channel, seq }: { channel: string; seq: number },
): Promise<MessageRow | undefined> {
  return selectMessages(db).where('message.channel', '=', channel).where('message.seq', '=', seq).executeTakeFirst()
}
