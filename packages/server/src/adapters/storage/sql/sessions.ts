import type { SessionRepository, StoredSession } from '@arclight/core/contracts'
import type { Kysely } from 'kysely'
import { Kind, type Tables } from './tables.ts'
import { toOwnAccount } from './users.ts'

const COLUMNS = [
  'session.id',
  'session.label',
  'session.created_at',
  'session.used_at',
  'session.expires_at',
  'session.token_hash',
] as const

/** The sessions over one SQL database. */
export function sqlSessions(db: Kysely<Tables>): SessionRepository {
  return {
    create: async ({ id, user, label, tokenHash, createdAt, usedAt, expiresAt }) => {
      const times = { created_at: createdAt, used_at: usedAt, expires_at: expiresAt }
      const row = { id, user, label: label ?? null, token_hash: tokenHash, previous_hash: null, ...times }
      await db.insertInto('session').values(row).execute()
    },
    find: async (tokenHash) => {
      const row = await db
        .selectFrom('session')
        .innerJoin('account', 'account.id', 'session.user')
        .select([...COLUMNS, 'previous_hash', 'account.id as account'])
        .select(['account.name', 'account.role', 'account.bot', 'account.avatar', 'account.display_name'])
        .select('account.second_factor')
        .where('account.bot', '!=', Kind.deleted)
        .where((is) => is.or([is('token_hash', '=', tokenHash), is('previous_hash', '=', tokenHash)]))
        .executeTakeFirst()
      if (!row) return undefined
      const { account: id, name, role, bot, avatar, display_name, second_factor } = row
      const newest = row.token_hash === tokenHash
      return {
        ...toSession(row),
        account: toOwnAccount({ id, name, bot, avatar, display_name, role, second_factor }),
        newest,
        rotating: row.previous_hash !== null,
      }
    },
    touch: async (id, { usedAt, expiresAt, settled }) => {
      const times = { used_at: usedAt, expires_at: expiresAt }
      const change = settled ? { ...times, previous_hash: null } : times
      await db.updateTable('session').set(change).where('id', '=', id).execute()
    },
    rotate: async (id, tokenHash) => {
      await db
        .updateTable('session')
        .set((row) => ({ token_hash: tokenHash, previous_hash: row.ref('token_hash') }))
        .where('id', '=', id)
        .execute()
    },
    byUser: async (user, now) => {
      const rows = await db
        .selectFrom('session')
        .select(COLUMNS)
        .where('user', '=', user)
        .where('expires_at', '>', now)
        .orderBy('used_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(toSession)
    },
    prune: async (now) => {
      await db.deleteFrom('session').where('expires_at', '<=', now).execute()
    },
    remove: async (user, id) => {
      const { numDeletedRows } = await db
        .deleteFrom('session')
        .where('user', '=', user)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0
    },
  }
}

interface Row {
  readonly id: string
  readonly label: string | null
  readonly created_at: number
  readonly used_at: number
  readonly expires_at: number
}

function toSession({ id, label, created_at, used_at, expires_at }: Row): StoredSession {
  const times = { createdAt: created_at, usedAt: used_at, expiresAt: expires_at }
  return { id, ...(label === null ? {} : { label }), ...times }
}
