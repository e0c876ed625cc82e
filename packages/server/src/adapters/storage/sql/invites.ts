import type { InviteRepository, StoredInvite } from '@arclight/core/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** The invites over one SQL database. */
export function sqlInvites(db: Kysely<Tables>): InviteRepository {
  return {
    create: async ({ id, role, by, uses, codeHash, createdAt, expiresAt }) => {
      const times = { created_at: createdAt, expires_at: expiresAt }
      await db
        .insertInto('invite')
        .values({ id, role, by, uses, code_hash: codeHash, ...times })
        .execute()
    },
    list: async (now) => {
      const rows = await db
        .selectFrom('invite')
        .selectAll()
        .where('expires_at', '>', now)
        .where('uses', '>', 0)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(toInvite)
    },
    remove: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('invite').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0
    },
    // One statement: of many at once no more than there are uses succeed.
    redeem: async (codeHash, now) =>
      await db
        .updateTable('invite')
        .set((row) => ({ uses: row('uses', '-', 1) }))
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', now)
        .where('uses', '>', 0)
        .returning(['id', 'role'])
        .executeTakeFirst(),
    restore: async (id) => {
      await db
        .updateTable('invite')
        .set((row) => ({ uses: row('uses', '+', 1) }))
        .where('id', '=', id)
        .execute()
    },
  }
}

function toInvite({ id, role, by, created_at, expires_at, uses }: Selectable<Tables['invite']>): StoredInvite {
  return { id, role, by, createdAt: created_at, expiresAt: expires_at, uses }
}
