import type { LogRepository, MessagePlace, ReactionWrite } from '@arclight/core/contracts'
import { LIMITS, type Reaction, type UserSummary } from '@arclight/core/protocol'
import type { Kysely } from 'kysely'
import type { MessageRow } from './messages.ts'
import type { Tables } from './tables.ts'
import { toUser } from './users.ts'

/** Adds or takes away one user's emoji; the message's column of reactions as it is then. */
export async function changeReaction(
  db: Kysely<Tables>,
  { write, row, seq: entrySeq }: { write: ReactionWrite; row: MessageRow; seq: number },
): Promise<{ reactions: string | null } | undefined | 'full'> {
  const { channel, seq, emoji, actor: user, on } = write
  const shown = row.reactions === null ? [] : (JSON.parse(row.reactions) as Reaction[])
  const isNew = !shown.some((one) => one.emoji === emoji)
  if (on && isNew && shown.length >= LIMITS.reactions) return 'full'
  const change = on
    ? db
        .insertInto('reaction')
        .values({ channel, seq, emoji, user, entry_seq: entrySeq })
        .onConflict((conflict) => conflict.doNothing())
        .returning('user')
    : of(db, write).where('user', '=', user).returning('user')
  if ((await change.execute()).length === 0) return undefined
  const now = await readReaction(db, write)
  const rest = isNew ? [...shown, now] : shown.map((one) => (one.emoji === emoji ? now : one))
  const reactions = rest.filter(({ count }) => count > 0)
  return { reactions: reactions.length === 0 ? null : JSON.stringify(reactions) }
}

/** The message is deleted. */
export async function forgetReactions(db: Kysely<Tables>, { channel, seq, reactions }: MessageRow): Promise<void> {
  if (reactions === null) return
  await db.deleteFrom('reaction').where('channel', '=', channel).where('seq', '=', seq).execute()
}

/** Who put an emoji under a message, the earliest first. */
export async function readReactors(
  db: Kysely<Tables>,
  { channel, seq }: MessagePlace,
  { emoji, after, limit }: Parameters<LogRepository['reactors']>[1],
): Promise<{ users: UserSummary[]; hasMore: boolean }> {
  const all = select(db, { channel, seq, emoji })
  const last = after === undefined ? undefined : await all.where('reaction.user', '=', after).executeTakeFirst()
  const rows = await all
    .$if(last !== undefined, (some) => some.where('entry_seq', '>', last?.entry_seq ?? 0))
    .orderBy('entry_seq')
    .limit(limit + 1)
    .execute()
  return { users: rows.slice(0, limit).map(toUser), hasMore: rows.length > limit }
}

async function readReaction(db: Kysely<Tables>, place: MessagePlace & { emoji: string }): Promise<Reaction> {
  const { count } = await db
    .selectFrom('reaction')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('channel', '=', place.channel)
    .where('seq', '=', place.seq)
    .where('emoji', '=', place.emoji)
    .executeTakeFirstOrThrow()
  const users = await select(db, place).orderBy('entry_seq').limit(LIMITS.reactionUsers).execute()
  return { emoji: place.emoji, count: Number(count), users: users.map(({ id }) => id) }
}

function select(db: Kysely<Tables>, { channel, seq, emoji }: MessagePlace & { emoji: string }) {
  return db
    .selectFrom('reaction')
    .innerJoin('account', 'account.id', 'reaction.user')
    .select(['account.id', 'account.name', 'account.bot', 'account.avatar', 'account.display_name'])
    .select('entry_seq')
    .where('channel', '=', channel)
    .where('seq', '=', seq)
    .where('emoji', '=', emoji)
}

function of(db: Kysely<Tables>, { channel, seq, emoji }: MessagePlace & { emoji: string }) {
  return db.deleteFrom('reaction').where('channel', '=', channel).where('seq', '=', seq).where('emoji', '=', emoji)
}
