import type { SecondFactorRepository } from '@arclight/core/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Second factors over one SQL database. */
export function sqlSecondFactors(db: Kysely<Tables>): SecondFactorRepository {
  return {
    get: async (user) => {
      const row = await db
        .selectFrom('second_factor')
        .innerJoin('account', 'account.id', 'second_factor.user')
        .select(['salt', 'step', 'account.second_factor as counts'])
        .where('second_factor.user', '=', user)
        .executeTakeFirst()
      return row && { ...row, counts: row.counts !== 0 }
    },
    begin: (user, salt) =>
      db.transaction().execute(async (trx) => {
        // First of all: whoever asks at the same time waits for the account's row.
        if (!(await mark(trx, user, { from: 0, to: 0 }))) return false
        await trx
          .insertInto('second_factor')
          .values({ user, salt, step: 0 })
          .onConflict((conflict) => conflict.column('user').doUpdateSet({ salt, step: 0 }))
          .execute()
        return true
      }),
    confirm: (user, { salt, step, codeHashes }) =>
      db.transaction().execute(async (trx) => {
        if (!(await mark(trx, user, { from: 0, to: 0 }))) return false
        const { numUpdatedRows } = await trx
          .updateTable('second_factor')
          .set({ step })
          .where('user', '=', user)
          .where('salt', '=', salt)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await mark(trx, user, { from: 0, to: 1 })
        await setCodes(trx, user, codeHashes)
        return true
      }),
    accept: async (user, step) => {
      const { numUpdatedRows } = await db
        .updateTable('second_factor')
        .set({ step })
        .where('user', '=', user)
        .where('step', '<', step)
        .where(({ exists, selectFrom }) =>
          exists(selectFrom('account').select('id').where('id', '=', user).where('second_factor', '=', 1)),
        )
        .executeTakeFirst()
      return numUpdatedRows > 0
    },
    redeem: async (user, codeHash) => {
      const { numDeletedRows } = await db
        .deleteFrom('recovery_code')
        .where('user', '=', user)
        .where('code_hash', '=', codeHash)
        .executeTakeFirst()
      return numDeletedRows > 0
    },
    setCodes: (user, codeHashes) => db.transaction().execute((trx) => setCodes(trx, user, codeHashes)),
    remove: (user) =>
      db.transaction().execute(async (trx) => {
        const counted = await mark(trx, user, { from: 1, to: 0 })
        await forgetSecondFactor(trx, user)
        return counted
      }),
  }
}

/** Takes a second factor and its recovery codes away, inside the transaction that takes what says that it counts. */
export async function forgetSecondFactor(trx: Transaction<Tables>, user: string): Promise<void> {
  await trx.deleteFrom('recovery_code').where('user', '=', user).execute()
  await trx.deleteFrom('second_factor').where('user', '=', user).execute()
}

/** What the account says of its second factor; false where it said something else. */
async function mark(
  trx: Transaction<Tables>,
  user: string,
  { from, to }: { from: 0 | 1; to: 0 | 1 },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('account')
    .set({ second_factor: to })
    .where('id', '=', user)
    .where('second_factor', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0
}

async function setCodes(trx: Transaction<Tables>, user: string, codeHashes: readonly string[]): Promise<void> {
  await trx.deleteFrom('recovery_code').where('user', '=', user).execute()
  if (codeHashes.length === 0) return
  await trx
    .insertInto('recovery_code')
    .values(codeHashes.map((code_hash) => ({ user, code_hash })))
    .execute()
}
