import type { IdentityRepository } from '@arclight/core/contracts'
import type { Kysely } from 'kysely'
import { insertAccount } from './accounts.ts'
import type { Tables } from './tables.ts'
import { toAccount } from './users.ts'

/** Undoes the account of an identity that has one already. */
class Exists extends Error {}

/** Users of identity providers over one SQL database. */
export function sqlIdentities(db: Kysely<Tables>): IdentityRepository {
  return {
    find: async ({ issuer, subject }) => {
      const row = await db
        .selectFrom('identity')
        .innerJoin('account', 'account.id', 'identity.user')
        .select(['account.id', 'account.name', 'account.display_name', 'account.bot', 'account.avatar', 'account.role'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row && toAccount(row)
    },
    create: async (identity, account) => {
      try {
        return await db.transaction().execute(async (trx) => {
          if (!(await insertAccount(trx, account))) return 'name-taken'
          const inserted = await trx
            .insertInto('identity')
            .values({ ...identity, user: account.id })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
          if (!inserted.numInsertedOrUpdatedRows) throw new Exists()
          return 'created'
        })
      } catch (error) {
        if (error instanceof Exists) return 'exists'
        throw error
      }
    },
  }
}
