import type { UserSummary } from '@arclight/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'
import { toUser } from './users.ts'

/** Channels of one statement. */
const SLICE = 500

/** The members of these channels, by id; a channel without any has an empty list. */
export async function readMembers(
  db: Kysely<Tables>,
  channels: readonly string[],
): Promise<Map<string, UserSummary[]>> {
  const members = new Map<string, UserSummary[]>(channels.map((id) => [id, []]))
  for (let from = 0; from < channels.length; from += SLICE) {
    const rows = await db
      .selectFrom('member')
      .innerJoin('account', 'account.id', 'member.user')
      .select(['member.channel', 'account.id', 'account.name', 'account.bot', 'account.avatar', 'account.display_name'])
      .where('member.channel', 'in', channels.slice(from, from + SLICE))
      .orderBy(sql.ref('member.channel'))
      .orderBy(sql.ref('member.user'))
      .execute()
    for (const { channel, ...user } of rows) members.get(channel)?.push(toUser(user))
  }
  return members
}
