import type { Message } from '@arclight/core'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** A message's row with its author's name. */
export type MessageRow = Selectable<Tables['message']> & { author_name: string }

/** Messages with their authors, to be narrowed and ordered. */
export function selectMessages(db: Kysely<Tables>) {
  return db
    .selectFrom('message')
    .innerJoin('account', 'account.id', 'message.author')
    .selectAll('message')
    .select('account.name as author_name')
}

export function toMessage(row: MessageRow): Message {
  const { channel, seq, ordinal, rev, at, text } = row
  const author = { id: row.author, name: row.author_name }
  return { channel, seq, ordinal, rev, author, clientId: row.client_id, text, at }
}
