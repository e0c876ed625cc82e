import type { UserSummary } from '@arclight/core'
import type { AccountRepository } from '@arclight/core/contracts'
import { sql, type Transaction } from 'kysely'
import { forgetSecondFactor } from './second-factors.ts'
import { Kind, type Tables } from './tables.ts'
import { toUser } from './users.ts'

/** Rows that say something of a user alone. */
const OWN = ['session', 'reset', 'identity', 'ban', 'read_marker', 'mention', 'silence', 'block'] as const

/** Makes an account nobody's: see {@link AccountRepository.erase}. */
export async function eraseAccount(
  trx: Transaction<Tables>,
  id: string,
  { name, nameKey, messages }: Parameters<AccountRepository['erase']>[1],
): Promise<UserSummary | undefined> {
  const nothing = { password_hash: '', role: 'member', display_name: null, avatar: null, second_factor: 0 }
  const row = await trx
    .updateTable('account')
    .set({ ...nothing, name, name_key: nameKey, bot: Kind.deleted, erasing: messages === 'delete' ? 2 : 1 })
    .where('id', '=', id)
    .where('bot', 'in', [Kind.person, Kind.guest])
    .where('role', '!=', 'owner')
    .returning(['id', 'name', 'bot', 'avatar', 'display_name'])
    .executeTakeFirst()
  if (!row) return undefined
  await forgetSecondFactor(trx, id)
  for (const table of OWN) {
    await sql`delete from ${sql.table(table)} where ${sql.ref('user')} = ${id}`.execute(trx)
  }
  await trx.deleteFrom('block').where('blocked', '=', id).execute()
  await trx.deleteFrom('invite').where('by', '=', id).execute()
  await trx.deleteFrom('permit').where('kind', '=', 'user').where('subject', '=', id).execute()
  await trx
    .deleteFrom('member')
    .where('user', '=', id)
    .where('channel', 'in', (of) => of.selectFrom('channel').select('id').where('kind', '!=', 'direct'))
    .execute()
  await trx
    .updateTable('upload')
    .set({ state: 'removed' })
    .where('owner', '=', id)
    // What a message has goes with the message.
    .where((is) => is.or([is('channel', 'is', null), is('purpose', '=', 'avatar')]))
    .execute()
  return toUser(row)
}
