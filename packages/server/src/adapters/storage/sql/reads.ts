import type { ReadRepository, StoredMarker } from '@arclight/core/contracts'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** The read markers over one SQL database. */
export function sqlReads(db: Kysely<Tables>): ReadRepository {
  return {
    mark: (user, channel, seq) => db.transaction().execute((trx) => mark(trx, { user, channel, seq })),
    markers: async (user, channels) => {
      if (channels.length === 0) return []
      const rows = await db
        .selectFrom('read_marker')
        .select(['channel', 'seq', 'ordinal'])
        .where('user', '=', user)
        .execute()
      const markers = new Map(rows.map((row) => [row.channel, row]))
      const counts = await countMentions(db, user)
      return channels.map((channel) => {
        const { seq = 0, ordinal = 0 } = markers.get(channel) ?? {}
        return { channel, seq, ordinal, mentions: counts.get(channel) ?? 0 }
      })
    },
  }
}

async function mark(
  db: Kysely<Tables>,
  { user, channel, seq: wanted }: { user: string; channel: string; seq: number },
): Promise<(StoredMarker & { moved: boolean }) | undefined> {
  const head = await db
    .selectFrom('channel')
    .select('head')
    .where('id', '=', channel)
    .where('removed', '=', 0)
    .executeTakeFirst()
  if (!head) return undefined
  const seq = Math.min(wanted, head.head)
  const newest = await db
    .selectFrom('message')
    .select('ordinal')
    .where('channel', '=', channel)
    .where('seq', '<=', seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const row = { user, channel, seq, ordinal: newest?.ordinal ?? 0 }
  const moved = await db
    .insertInto('read_marker')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['user', 'channel'])
        .doUpdateSet({ seq: row.seq, ordinal: row.ordinal })
        .where('read_marker.seq', '<', row.seq),
    )
    .returning('seq')
    .execute()
  const stored = await db
    .selectFrom('read_marker')
    .select(['seq', 'ordinal'])
    .where('user', '=', user)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow()
  const { mentions } = await db
    .selectFrom('mention')
    .select(({ fn }) => fn.countAll<number>().as('mentions'))
    .where('user', '=', user)
    .where('channel', '=', channel)
    .where('seq', '>', stored.seq)
    .executeTakeFirstOrThrow()
  return { channel, ...stored, mentions: Number(mentions), moved: moved.length > 0 && seq > 0 }
}

/** Mentions of a user above their markers, by channel. */
async function countMentions(db: Kysely<Tables>, user: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('mention')
    .leftJoin('read_marker', (join) =>
      join.onRef('read_marker.user', '=', 'mention.user').onRef('read_marker.channel', '=', 'mention.channel'),
    )
    .select(({ fn }) => ['mention.channel', fn.countAll<number>().as('count')])
    .where('mention.user', '=', user)
    .where(sql<boolean>`mention.seq > coalesce(read_marker.seq, 0)`)
    .groupBy('mention.channel')
    .execute()
  return new Map(rows.map(({ channel, count }) => [channel, Number(count)]))
}
