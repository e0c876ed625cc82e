import type { LogWrite, MessageAppend, WriteResult } from '@arclight/core/contracts'
import { sql, type Transaction } from 'kysely'
import type { Dialect } from './dialect.ts'
import { padded, powersOfTwo } from './few-sizes.ts'
import { changeMessage } from './message-changes.ts'
import { type Head, NewMessages } from './new-messages.ts'
import type { Tables } from './tables.ts'

/** Appends a batch inside a transaction that holds the channels' rows: commit order is seq order. */
export async function append(
  db: Transaction<Tables>,
  batch: readonly LogWrite[],
  { search, lock }: Dialect,
): Promise<readonly WriteResult[]> {
  if (batch.length === 0) return []
  const heads = await lockHeads(db, batch, lock)
  const before = new Map([...heads].map(([id, { head }]) => [id, head]))
  const appends = batch.filter((write): write is MessageAppend => write.write === 'message')
  const messages = await NewMessages.open(db, { search, lock, appends })
  const results: WriteResult[] = []
  for (const write of batch) {
    const head = heads.get(write.channel)
    if (!head) results.push({ outcome: 'no-channel' })
    else if (write.write === 'message') results.push(await messages.add(write, head))
    else {
      await messages.flush()
      results.push(await changeMessage(write, { db, search, head, changed: (row) => messages.update(row) }))
    }
  }
  await messages.flush()
  const moved = [...heads].filter(([id, { head }]) => head !== before.get(id))
  if (moved.length > 0) await writeHeads(db, moved)
  return results
}

/** The channels' counters, locked until the end in the order of their ids, so that two batches never wait for each other. */
async function lockHeads(
  db: Transaction<Tables>,
  batch: readonly LogWrite[],
  lock: Dialect['lock'],
): Promise<Map<string, Head>> {
  const ids = [...new Set(batch.map(({ channel }) => channel))]
  const heads = new Map<string, Head>()
  for (const some of padded(ids.sort())) {
    const rows = await db
      .selectFrom('channel')
      .select(['id', 'epoch', 'head', 'messages'])
      .where('id', 'in', some)
      .where('removed', '=', 0)
      .orderBy('id')
      .$if(lock === 'rows', (all) => all.forNoKeyUpdate())
      .execute()
    for (const { id, ...head } of rows) heads.set(id, head)
  }
  return heads
}

async function writeHeads(db: Transaction<Tables>, heads: readonly (readonly [string, Head])[]): Promise<void> {
  for (const some of powersOfTwo(heads)) {
    const rows = some.map(
      ([id, { head, messages }]) => sql`(${id}, cast(${head} as bigint), cast(${messages} as bigint))`,
    )
    await sql`update channel set head = moved.column2, messages = moved.column3
      from (values ${sql.join(rows)}) as moved where channel.id = moved.column1`.execute(db)
  }
}
