import type { AccountRepository } from '@arclight/core/contracts'
import { type Kysely, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import { eraseAccount } from './erase-account.ts'
import { claimGuest, endGuests } from './guests.ts'
import { Kind, type Tables } from './tables.ts'
import { toAccount, toOwnAccount, toUser } from './users.ts'

/** There is one, who stays. */
const OWNER = 'owner'

/** Those who are there. */
const LISTED = [Kind.person, Kind.bot, Kind.guest]

/** The accounts over one SQL database. */
export function sqlAccounts(db: Kysely<Tables>, dialect: Pick<Dialect, 'isDuplicate'>): AccountRepository {
  return {
    create: (account) => insertAccount(db, account),
    byNameKey: async (nameKey) => {
      const row = await db.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
      return row && { ...toOwnAccount(row), passwordHash: row.password_hash }
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
        .where('bot', 'in', LISTED)
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
        .where('bot', '!=', Kind.deleted)
        .where('role', '!=', OWNER)
        .executeTakeFirst()
      return numUpdatedRows > 0
    },
    credentials: async (id) => {
      const found = db.selectFrom('account').selectAll().where('id', '=', id).where('bot', '!=', Kind.deleted)
      const row = await found.executeTakeFirst()
      return row && { ...toOwnAccount(row), passwordHash: row.password_hash }
    },
    setDisplayName: async (id, displayName) => {
      const row = await db
        .updateTable('account')
        .set({ display_name: displayName ?? null })
        .where('id', '=', id)
        .returning(['id', 'name', 'bot', 'avatar', 'display_name'])
        .executeTakeFirst()
      return row && toUser(row)
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
    findReset: async (codeHash, now) => {
      const row = await db
        .selectFrom('reset')
        .select('user')
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row?.user
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
    erase: (id, change) => db.transaction().execute((trx) => eraseAccount(trx, id, change)),
    erasing: async () => {
      const rows = await db.selectFrom('account').select(['id', 'erasing']).where('bot', '=', Kind.deleted).execute()
      const left = rows.filter(({ erasing }) => erasing > 0)
      return left.map(({ id, erasing }) => ({ user: id, messages: erasing > 1 ? 'delete' : 'keep' }))
    },
    erased: async (id) => {
      await db.updateTable('account').set({ erasing: 0 }).where('id', '=', id).execute()
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

/** False where the name is taken. */
export async function insertAccount(
  db: Kysely<Tables>,
  { id, name, role, bot, guest, passwordHash, nameKey, createdAt }: Parameters<AccountRepository['create']>[0],
): Promise<boolean> {
  const row = { id, name, role, password_hash: passwordHash, name_key: nameKey, created_at: createdAt }
  const inserted = await db
    .insertInto('account')
    .values({ ...row, bot: bot ? Kind.bot : guest ? Kind.guest : Kind.person, avatar: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

function readOwner(db: Kysely<Tables>): Promise<{ id: string } | undefined> {
  return db.selectFrom('account').select('id').where('role', '=', OWNER).executeTakeFirst()
}

function selectUsers(db: Kysely<Tables>) {
  return db.selectFrom('account').select(['id', 'name', 'bot', 'avatar', 'display_name', 'role', 'name_key'])
}
