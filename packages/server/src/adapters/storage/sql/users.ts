import type { Account, UserSummary } from '@arclight/core'
import type { Kysely } from 'kysely'
import { padded } from './few-sizes.ts'
import type { Tables } from './tables.ts'

/** What `account.bot` says: a person with a password, a bot, a bot that was ended, a guest, a guest that was ended. */
export const Kind = { person: 0, bot: 1, endedBot: 2, guest: 3, endedGuest: 4 } as const

/** What of an account's row everybody may know. */
export interface UserRow {
  readonly id: string
  readonly name: string
  /** See the table `account`. */
  readonly bot: number
  readonly avatar: string | null
}

/** Those of these users that exist, by id. */
export async function readUsers(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, UserRow>> {
  const users = new Map<string, UserRow>()
  for (const some of padded(ids)) {
    const rows = await db
      .selectFrom('account')
      .select(['id', 'name', 'bot', 'avatar'])
      .where('id', 'in', some)
      .execute()
    for (const row of rows) users.set(row.id, row)
  }
  return users
}

export function toUser({ id, name, bot, avatar }: UserRow): UserSummary {
  const isBot = bot === Kind.bot || bot === Kind.endedBot
  return { id, name, ...(isBot ? { bot: true as const } : {}), ...(avatar === null ? {} : { avatar }) }
}

export function toAccount({ role, ...row }: UserRow & { readonly role: string }): Account {
  return { ...toUser(row), role, ...(row.bot === Kind.guest ? { guest: true as const } : {}) }
}
