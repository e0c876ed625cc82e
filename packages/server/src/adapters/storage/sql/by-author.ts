import type { Message } from '@arclight/core'
import type { LogRepository } from '@arclight/core/contracts'
import type { Kysely } from 'kysely'
import { selectMessages, toMessage } from './messages.ts'
import type { Tables } from './tables.ts'

type Page = Parameters<LogRepository['byAuthor']>[1]

/** An author's messages, by the index that tells repeats apart: one channel after the other, by client id. */
export async function readByAuthor(
  db: Kysely<Tables>,
  author: string,
  { after, limit }: Page,
): Promise<{ messages: Message[]; hasMore: boolean }> {
  const messages: Message[] = []
  let behind = after
  let channel = after?.channel ?? (await nextChannel(db, author, ''))
  while (channel !== undefined) {
    const left = limit + 1 - messages.length
    messages.push(...(await readChannel(db, author, { channel, behind: behind?.clientId, limit: left })))
    if (messages.length > limit) return { messages: messages.slice(0, limit), hasMore: true }
    behind = undefined
    channel = await nextChannel(db, author, channel)
  }
  return { messages, hasMore: false }
}

async function readChannel(
  db: Kysely<Tables>,
  author: string,
  { channel, behind, limit }: { channel: string; behind: string | undefined; limit: number },
): Promise<Message[]> {
  const rows = await selectMessages(db)
    .where('message.channel', '=', channel)
    .where('message.author', '=', author)
    .where('message.deleted', '=', 0)
    .$if(behind !== undefined, (all) => all.where('message.client_id', '>', behind ?? ''))
    .orderBy('message.client_id')
    .limit(limit)
    .execute()
  return rows.map(toMessage)
}

/** The first behind `after` that has a message of theirs. */
async function nextChannel(db: Kysely<Tables>, author: string, after: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('channel')
    .select('id')
    .where('id', '>', after)
    .where('removed', '=', 0)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('message')
          .select('seq')
          .whereRef('message.channel', '=', 'channel.id')
          .where('author', '=', author)
          .where('deleted', '=', 0),
      ),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}
