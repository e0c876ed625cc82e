import type { UserSummary } from '@arclight/core'
import type { StoredWebhook, WebhookRepository } from '@arclight/core/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'
import { toUser } from './users.ts'

type WebhookRow = Selectable<Tables['webhook']> & {
  bot_name: string | null
  bot_kind: number | null
  bot_avatar: string | null
  bot_display_name: string | null
}

/** The webhooks over one SQL database. */
export function sqlWebhooks(db: Kysely<Tables>): WebhookRepository {
  return {
    create: async ({ id, direction, channel, bot, url, generation, createdAt, cursor, failingSince }) => {
      await db
        .insertInto('webhook')
        .values({
          ...{ id, direction, channel, generation, created_at: createdAt },
          ...{ bot: bot ?? null, url: url ?? null, failing_since: failingSince ?? null },
          ...{ cursor_epoch: cursor?.epoch ?? null, cursor_seq: cursor?.seq ?? null },
        })
        .execute()
    },
    list: async () =>
      (await select(db).orderBy('webhook.created_at', 'desc').orderBy('webhook.id').execute()).map(toWebhook),
    renew: (id) =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable('webhook')
          .set(({ eb }) => ({ generation: eb('generation', '+', 1) }))
          .where('id', '=', id)
          .execute()
        const row = await select(trx).where('webhook.id', '=', id).executeTakeFirst()
        return row && toWebhook(row)
      }),
    progress: async (id, { cursor, failingSince }) => {
      const change = { cursor_epoch: cursor.epoch, cursor_seq: cursor.seq, failing_since: failingSince ?? null }
      await db.updateTable('webhook').set(change).where('id', '=', id).execute()
    },
    remove: async (id) => {
      const removed = await db.deleteFrom('webhook').where('id', '=', id).executeTakeFirst()
      return removed.numDeletedRows > 0
    },
  }
}

/** Those of channels that are there. */
function select(db: Kysely<Tables>) {
  return db
    .selectFrom('webhook')
    .innerJoin('channel', 'channel.id', 'webhook.channel')
    .leftJoin('account', 'account.id', 'webhook.bot')
    .selectAll('webhook')
    .select(['account.name as bot_name', 'account.bot as bot_kind', 'account.avatar as bot_avatar'])
    .select('account.display_name as bot_display_name')
    .where('channel.removed', '=', 0)
}

function toWebhook(row: WebhookRow): StoredWebhook {
  const { id, direction, channel, generation } = row
  const cursor =
    row.cursor_epoch === null || row.cursor_seq === null ? undefined : { epoch: row.cursor_epoch, seq: row.cursor_seq }
  return {
    ...{ id, direction, channel, generation, createdAt: row.created_at },
    ...(row.bot === null ? {} : { bot: botOf(row, row.bot) }),
    ...(row.url === null ? {} : { url: row.url }),
    ...(cursor ? { cursor } : {}),
    ...(row.failing_since === null ? {} : { failingSince: row.failing_since }),
  }
}

function botOf(row: WebhookRow, id: string): UserSummary {
  const { bot_name: name, bot_kind: bot, bot_avatar: avatar, bot_display_name: display_name } = row
  return toUser({ id, name: name ?? '', bot: bot ?? 0, avatar, display_name })
}
