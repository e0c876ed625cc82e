import type { Attachment, Message, Reaction } from '@arclight/core/protocol'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'
import { toUser, type UserRow } from './users.ts'

/** A message's row with its author's. */
export type MessageRow = Selectable<Tables['message']> & {
  author_name: string
  author_bot: number
  author_avatar: string | null
  author_display_name: string | null
}

/** Messages with their authors, to be narrowed and ordered. */
export function selectMessages(db: Kysely<Tables>) {
  return db
    .selectFrom('message')
    .innerJoin('account', 'account.id', 'message.author')
    .selectAll('message')
    .select(['account.name as author_name', 'account.bot as author_bot', 'account.avatar as author_avatar'])
    .select('account.display_name as author_display_name')
}

/** What a row says, without what has its plain value. */
export function toMessage(row: MessageRow): Message {
  const { channel, seq, ordinal, rev, at, text } = row
  const author = toUser(authorOf(row))
  return {
    channel,
    seq,
    ordinal,
    rev,
    author,
    clientId: row.client_id,
    text,
    at,
    ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
    ...(row.mentions === null ? {} : { mentions: JSON.parse(row.mentions) as string[] }),
    ...(row.edited_at === null ? {} : { editedAt: row.edited_at }),
    ...(row.deleted === 0 ? {} : { deleted: true as const }),
    ...(row.pin_seq === null ? {} : { pinned: true as const }),
    ...(row.reactions === null ? {} : { reactions: JSON.parse(row.reactions) as Reaction[] }),
    ...(row.attachments === null ? {} : { attachments: JSON.parse(row.attachments) as Attachment[] }),
  }
}

function authorOf(row: MessageRow): UserRow {
  const {
    author: id,
    author_name: name,
    author_bot: bot,
    author_avatar: avatar,
    author_display_name: display_name,
  } = row
  return { id, name, bot, avatar, display_name }
}
