import type { Account, UserSummary } from '@arclight/core'
import type { Kysely } from 'kysely'
import { padded } from './few-sizes.ts'
import { Kind, type Tables } from './tables.ts'

/** What of an account's row everybody may know. */
export interface UserRow {
  readonly id: string
  readonly name: string
  /** See the table `account`. */
  readonly bot: number
  readonly avatar: string | null
  readonly display_name: string | null
}

/** Those of these users that exist, by id. */
export async function readUsers(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, UserRow>> {
  const users = new Map<string, UserRow>()
  for (const some of padded(ids)) {
    const rows = await db
      .selectFrom('account')
      .select(['id', 'name', 'bot', 'avatar', 'display_name'])
      .where('id', 'in', some)
      .execute()
    for (const row of rows) users.set(row.id, row)
  }
  return users
}

export function toUser({ id, name, bot, avatar, display_name: displayName }: UserRow): UserSummary {
  return {
    id,
    name,
    ...(displayName === null ? {} : { displayName }),
    ...(bot === Kind.deleted ? { deleted: true as const } : {}),
    ...(bot === Kind.bot || bot === Kind.endedBot ? { bot: true as const } : {}),
    ...(avatar === null ? {} : { avatar }),
  }
}

/** As everybody may know it. */
export function toAccount({ role, ...row }: UserRow & { readonly role: string }): Account {
  return { ...toUser(row), role, ...(row.bot === Kind.guest ? { guest: true as const } : {}) }
}

/** As the user knows it. */
export function toOwnAccount({
  second_factor: counts,
  ...row
}: UserRow & { readonly role: string; readonly second_factor: number }): Account {
  return { ...toAccount(row), ...(counts === 0 ? {} : { secondFactor: true as const }) }
}
