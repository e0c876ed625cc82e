import type { AppendResult, MessageAppend } from '@arclight/core/contracts'
import type { Transaction } from 'kysely'
import { selectMessages, toMessage } from './messages.ts'
import type { Tables } from './tables.ts'

interface Head {
  head: number
  messages: number
}

/** Appends a batch inside a transaction that holds the channels' rows: commit order is seq order. */
export async function append(
  trx: Transaction<Tables>,
  batch: readonly MessageAppend[],
): Promise<readonly AppendResult[]> {
  const heads = await readHeads(trx, batch)
  const names = await readNames(trx, batch)
  const results: AppendResult[] = []
  for (const one of batch) {
    const head = heads.get(one.channel)
    if (!head) results.push({ outcome: 'no-channel' })
    else results.push(await appendOne(trx, one, head, names.get(one.author) ?? ''))
  }
  for (const [id, head] of heads) await trx.updateTable('channel').set(head).where('id', '=', id).execute()
  return results
}

async function appendOne(
  trx: Transaction<Tables>,
  { channel, author, clientId, text, at }: MessageAppend,
  head: Head,
  authorName: string,
): Promise<AppendResult> {
  const seq = head.head + 1
  const ordinal = head.messages + 1
  const row = { channel, seq, ordinal, author, client_id: clientId, rev: seq, at, text }
  const inserted = await trx
    .insertInto('message')
    .values(row)
    .onConflict((conflict) => conflict.columns(['channel', 'author', 'client_id']).doNothing())
    .executeTakeFirst()
  if (!inserted.numInsertedOrUpdatedRows) return repeated(trx, { channel, author, clientId })
  await trx
    .insertInto('entry')
    .values({ channel, seq, type: 'message.created', target: seq, actor: author, at })
    .execute()
  head.head = seq
  head.messages = ordinal
  return { outcome: 'stored', message: toMessage({ ...row, author_name: authorName }) }
}

async function repeated(
  trx: Transaction<Tables>,
  first: { channel: string; author: string; clientId: string },
): Promise<AppendResult> {
  const row = await selectMessages(trx)
    .where('message.channel', '=', first.channel)
    .where('message.author', '=', first.author)
    .where('message.client_id', '=', first.clientId)
    .executeTakeFirstOrThrow()
  return { outcome: 'repeated', message: toMessage(row) }
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
