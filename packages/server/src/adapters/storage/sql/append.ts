import type { AppendResult, MessageAppend } from '@arclight/core/contracts'
import type { Transaction } from 'kysely'
import { type MessageRow, selectMessages, toMessage } from './messages.ts'
import type { Tables } from './tables.ts'

interface Head {
  head: number
  messages: number
}

/** What a message is known by before it has a seq. */
type MessageKey = Pick<MessageAppend, 'channel' | 'author' | 'clientId'>

const NOWHERE: AppendResult = { outcome: 'no-channel' }

/** Appends a batch inside a transaction that holds the channels' rows: commit order is seq order. */
export async function append(
  trx: Transaction<Tables>,
  batch: readonly MessageAppend[],
): Promise<readonly AppendResult[]> {
  const heads = await readHeads(trx, batch)
  const names = await readNames(trx, batch)
  const stored = new Set<string>()
  const results: AppendResult[] = []
  for (const one of batch) {
    const head = heads.get(one.channel)
    const result = head ? await appendOne(trx, one, { head, stored, authorName: names.get(one.author) ?? '' }) : NOWHERE
    if ('message' in result) stored.add(keyOf(one))
    results.push(result)
  }
  for (const [id, head] of heads) await trx.updateTable('channel').set(head).where('id', '=', id).execute()
  return results
}

async function appendOne(
  trx: Transaction<Tables>,
  one: MessageAppend,
  { head, stored, authorName }: { head: Head; stored: ReadonlySet<string>; authorName: string },
): Promise<AppendResult> {
  const { channel, author, clientId, text, after, at } = one
  const before = after === undefined ? undefined : { channel, author, clientId: after }
  if (before && !stored.has(keyOf(before)) && !(await find(trx, before))) return await early(trx, one)
  const seq = head.head + 1
  const ordinal = head.messages + 1
  const row = { channel, seq, ordinal, author, client_id: clientId, rev: seq, at, text }
  const inserted = await trx
    .insertInto('message')
    .values(row)
    .onConflict((conflict) => conflict.columns(['channel', 'author', 'client_id']).doNothing())
    .executeTakeFirst()
  if (!inserted.numInsertedOrUpdatedRows) return repeated(await find(trx, one), one)
  await trx
    .insertInto('entry')
    .values({ channel, seq, type: 'message.created', target: seq, actor: author, at })
    .execute()
  head.head = seq
  head.messages = ordinal
  return { outcome: 'stored', message: toMessage({ ...row, author_name: authorName }) }
}

/** It names one that is not stored; a repeat is a repeat all the same. */
async function early(trx: Transaction<Tables>, one: MessageKey): Promise<AppendResult> {
  const row = await find(trx, one)
  return row ? repeated(row, one) : { outcome: 'out-of-order' }
}

function repeated(row: MessageRow | undefined, { clientId }: MessageKey): AppendResult {
  if (!row) throw new Error(`expected a message with the client id ${clientId}`)
  return { outcome: 'repeated', message: toMessage(row) }
}

function find(trx: Transaction<Tables>, { channel, author, clientId }: MessageKey): Promise<MessageRow | undefined> {
  return selectMessages(trx)
    .where('message.channel', '=', channel)
    .where('message.author', '=', author)
    .where('message.client_id', '=', clientId)
    .executeTakeFirst()
}

function keyOf({ channel, author, clientId }: MessageKey): string {
  return JSON.stringify([channel, author, clientId])
}

async function readHeads(trx: Transaction<Tables>, batch: readonly MessageAppend[]): Promise<Map<string, Head>> {
  const ids = [...new Set(batch.map(({ channel }) => channel))]
  const rows = await trx.selectFrom('channel').select(['id', 'head', 'messages']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, head, messages }) => [id, { head, messages }]))
}

async function readNames(trx: Transaction<Tables>, batch: readonly MessageAppend[]): Promise<Map<string, string>> {
  const ids = [...new Set(batch.map(({ author }) => author))]
  const rows = await trx.selectFrom('account').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
