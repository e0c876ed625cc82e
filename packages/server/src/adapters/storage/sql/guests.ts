import type { UserSummary } from '@arclight/core'
import type { AccountRepository } from '@arclight/core/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Dialect } from './dialect.ts'
import { Kind, type Tables } from './tables.ts'
import { toUser } from './users.ts'

/** What an account is called that was a guest's. */
const NAMELESS = 'guest'

/** Makes a guest somebody with a password. */
export async function claimGuest(
  db: Kysely<Tables>,
  { id, name, nameKey, passwordHash, role }: Parameters<AccountRepository['claim']>[0],
  { isDuplicate }: Pick<Dialect, 'isDuplicate'>,
): ReturnType<AccountRepository['claim']> {
  const other = await db
    .selectFrom('account')
    .select('id')
    .where('name_key', '=', nameKey)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) return 'name-taken'
  try {
    const { numUpdatedRows } = await db
      .updateTable('account')
      .set({ name, name_key: nameKey, password_hash: passwordHash, role, bot: Kind.person })
      .where('id', '=', id)
      .where('bot', '=', Kind.guest)
      .executeTakeFirst()
    return numUpdatedRows > 0 ? 'claimed' : 'no-guest'
  } catch (error) {
    // Somebody took the name meanwhile.
    if (isDuplicate(error)) return 'name-taken'
    throw error
  }
}

/** Ends the guests that have no session; their accounts stay, since what they wrote cannot be looked for by author. */
export async function endGuests(
  trx: Transaction<Tables>,
  { now, before }: { readonly now: number; readonly before: number },
): Promise<UserSummary[]> {
  const rows = await trx
    .selectFrom('account')
    .select(['id', 'name', 'bot', 'avatar', 'display_name'])
    .where('bot', '=', Kind.guest)
    .where('created_at', '<=', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('session')
            .select('session.id')
            .whereRef('session.user', '=', 'account.id')
            .where('session.expires_at', '>', now),
        ),
      ),
    )
    .execute()
  for (const { id } of rows) {
    for (const table of ['session', 'read_marker', 'silence', 'block'] as const) {
      await sql`delete from ${sql.table(table)} where ${sql.ref('user')} = ${id}`.execute(trx)
    }
    await trx.deleteFrom('block').where('blocked', '=', id).execute()
    // No name has a control character.
    const free = { name: NAMELESS, name_key: `\u0001${id}`, display_name: null }
    await trx
      .updateTable('account')
      .set({ ...free, bot: Kind.endedGuest })
      .where('id', '=', id)
      .execute()
  }
  return rows.map(toUser)
}
