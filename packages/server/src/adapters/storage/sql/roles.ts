import type { RoleRepository, StoredPermit, StoredRole } from '@arclight/core/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** The role of whoever has no other. */
const PLAIN = 'member'

/** The roles over one SQL database. */
export function sqlRoles(db: Kysely<Tables>): RoleRepository {
  return {
    list: async () => (await db.selectFrom('role').selectAll().execute()).map(toRole),
    create: async ({ builtIn, ...role }) => {
      await db
        .insertInto('role')
        .values({ ...role, built_in: builtIn ? 1 : 0 })
        .execute()
    },
    update: async (id, change) => {
      const { numUpdatedRows } = await db.updateTable('role').set(change).where('id', '=', id).executeTakeFirst()
      return numUpdatedRows > 0
    },
    remove: (id) =>
      db.transaction().execute(async (trx) => {
        const removed = await trx.deleteFrom('role').where('id', '=', id).where('built_in', '=', 0).executeTakeFirst()
        if (removed.numDeletedRows === 0n) return false
        await trx.deleteFrom('permit').where('kind', '=', 'role').where('subject', '=', id).execute()
        await trx.updateTable('account').set({ role: PLAIN }).where('role', '=', id).execute()
        return true
      }),
    permits: async () => {
      const rows = await db
        .selectFrom('permit')
        .innerJoin('channel', 'channel.id', 'permit.channel')
        .where('channel.removed', '=', 0)
        .selectAll('permit')
        .execute()
      return rows.map(toPermit)
    },
    setPermit: (permit) => setPermit(db, permit),
  }
}

async function setPermit(db: Kysely<Tables>, { channel, role, user, allow, deny }: StoredPermit): Promise<void> {
  const place =
    role === undefined ? { kind: 'user' as const, subject: user ?? '' } : { kind: 'role' as const, subject: role }
  if (allow === 0 && deny === 0) {
    const all = db.deleteFrom('permit').where('channel', '=', channel).where('kind', '=', place.kind)
    return void (await all.where('subject', '=', place.subject).execute())
  }
  await db
    .insertInto('permit')
    .values({ channel, ...place, allow, deny })
    .onConflict((conflict) => conflict.columns(['channel', 'kind', 'subject']).doUpdateSet({ allow, deny }))
    .execute()
}

function toRole({ built_in, ...role }: Selectable<Tables['role']>): StoredRole {
  return { ...role, builtIn: built_in === 1 }
}

function toPermit({ kind, subject, ...permit }: Selectable<Tables['permit']>): StoredPermit {
  return kind === 'role' ? { ...permit, role: subject } : { ...permit, user: subject }
}
