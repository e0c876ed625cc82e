import type { AccountRepository } from '@arclight/core/contracts'
import { type Kysely, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import { claimGuest, endGuests } from './guests.ts'
import type { Tables } from './tables.ts'
import { Kind, toAccount, toUser } from './users.ts'

/** There is one, who stays. */
const OWNER = 'owner'

/** The accounts over one SQL database. */
export function sqlAccounts(db: Kysely<Tables>, dialect: Pick<Dialect, 'isDuplicate'>): AccountRepository {
  return {
    create: async ({ id, name, role, bot, guest, passwordHash, nameKey, createdAt }) => {
      const row = { id, name, role, password_hash: passwordHash, name_key: nameKey, created_at: createdAt }
      const inserted = await db
        .insertInto('account')
        .values({ ...row, bot: bot ? Kind.bot : guest ? Kind.guest : Kind.person, avatar: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return Boolean(inserted.numInsertedOrUpdatedRows)
    },
    byNameKey: async (nameKey) => {
      const row = await db.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
      return row && { ...toAccount(row), passwordHash: row.password_hash }
    },
    hasOwner: async () => (await readOwner(db)) !== undefined,
    owner: async () => (await readOwner(db))?.id,
    get: async (ids) => {
      if (ids.length === 0) return []
      const rows = await selectUsers(db)
        .where('id', 'in', [...ids])
        .execute()
      return rows.map(toUser)
    },
    list: async ({ prefix, after, limit }) => {
      const last = after === undefined ? undefined : await selectUsers(db).where('id', '=', after).executeTakeFirst()
      const rows = await selectUsers(db)
        .where('bot', 'not in', [Kind.endedBot, Kind.endedGuest])
        .$if(prefix !== undefined, (all) =>
          all
            .where('name_key', '>=', prefix ?? '')
            .where(sql`substr(name_key, 1, ${[...(prefix ?? '')].length})`, '=', prefix ?? ''),
        )
        .$if(last !== undefined, (all) => all.where('name_key', '>', last?.name_key ?? ''))
        .orderBy('name_key')
        .limit(limit + 1)
        .execute()
      return { users: rows.slice(0, limit).map(toAccount), hasMore: rows.length > limit }
    },
    roles: async () => {
      return await db.selectFrom('account').select(['id as user', 'role']).where('role', '!=', 'member').execute()
    },
    giveRole: async (user, role) => {
      if (role === OWNER) return false
      const { numUpdatedRows } = await db
        .updateTable('account')
        .set({ role })
        .where('id', '=', user)
        .where('role', '!=', OWNER)
        .executeTakeFirst()
      return numUpdatedRows > 0
    },
    credentials: async (id) => {
      const row = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
      return row && { ...toAccount(row), passwordHash: row.password_hash }
    },
    setPassword: async (id, passwordHash) => {
      await db.updateTable('account').set({ password_hash: passwordHash }).where('id', '=', id).execute()
    },
    setReset: async (user, codeHash, expiresAt) => {
      const code = { code_hash: codeHash, expires_at: expiresAt }
      await db
        .insertInto('reset')
        .values({ user, ...code })
        .onConflict((conflict) => conflict.column('user').doUpdateSet(code))
        .execute()
    },
    takeReset: async (codeHash, now) => {
      const row = await db
        .deleteFrom('reset')
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', now)
        .returning('user')
        .executeTakeFirst()
      return row?.user
    },
    claim: (account) => claimGuest(db, account, dialect),
    endGuests: (times) => db.transaction().execute((trx) => endGuests(trx, times)),
    blocks: () => db.selectFrom('block').selectAll().execute(),
    block: async (block) => {
      await db
        .insertInto('block')
        .values(block)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    unblock: async ({ user, blocked }) => {
      await db.deleteFrom('block').where('user', '=', user).where('blocked', '=', blocked).execute()
    },
    bots: async () => {
      const rows = await selectUsers(db).where('bot', '=', Kind.bot).orderBy('name_key').execute()
      return rows.map(toUser)
    },
    endBot: (id) =>
      db.transaction().execute(async (trx) => {
        const ended = await trx
          .updateTable('account')
          .set({ bot: Kind.endedBot })
          .where('id', '=', id)
          .where('bot', '=', Kind.bot)
          .executeTakeFirst()
        await trx.deleteFrom('session').where('user', '=', id).execute()
        return ended.numUpdatedRows > 0
      }),
  }
}

function readOwner(db: Kysely<Tables>): Promise<{ id: string } | undefined> {
  return db.selectFrom('account').select('id').where('role', '=', OWNER).executeTakeFirst()
}

function selectUsers(db: Kysely<Tables>) {
  return db.selectFrom('account').select(['id', 'name', 'bot', 'avatar', 'role', 'name_key'])
}
