import type { Attachment } from '@arclight/core'
import type { StoredUpload, UploadRepository } from '@arclight/core/contracts'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'
import { readUsers, toUser } from './users.ts'

/** An upload as it is stored. */
export type UploadRow = Selectable<Tables['upload']>

/** What is nobody's yet. */
const UNUSED = ['growing', 'ready'] as const

/** The uploads over one SQL database. */
export function sqlUploads(db: Kysely<Tables>, { lock }: Pick<Dialect, 'lock'>): UploadRepository {
  return {
    create: (upload, bounds) =>
      db.transaction().execute(async (trx) => {
        const { id, owner, purpose, name, size, createdAt, expiresAt } = upload
        await lockAccount(trx, owner, lock)
        const { bytes, growing } = await countOf(trx, owner)
        if (growing >= bounds.growing) return 'too-many'
        if (bytes + size > bounds.bytes) return 'too-much'
        const times = { created_at: createdAt, expires_at: expiresAt }
        const unknown = { type: null, width: null, height: null, thumbnail: 0, channel: null, seq: null }
        const row = { id, owner, purpose, state: 'growing' as const, name, size, ...unknown, ...times }
        await trx.insertInto('upload').values(row).execute()
        return 'created'
      }),
    get: async (id) => {
      const row = await db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toUpload(row)
    },
    byOwner: async (owner, after, limit) => {
      const rows = await db
        .selectFrom('upload')
        .selectAll()
        .where('owner', '=', owner)
        .where('state', '!=', 'removed')
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toUpload)
    },
    finish: async (id, { type, size, width = null, height = null, thumbnail = false, expiresAt }) => {
      const found = { type, size, width, height, thumbnail: thumbnail ? 1 : 0 }
      const { numUpdatedRows } = await db
        .updateTable('upload')
        .set({ ...found, state: 'ready', expires_at: expiresAt })
        .where('id', '=', id)
        .where('state', '=', 'growing')
        .executeTakeFirst()
      return numUpdatedRows > 0
    },
    remove: async (id) => {
      const { numUpdatedRows } = await db
        .updateTable('upload')
        .set({ state: 'removed' })
        .where('id', '=', id)
        .where('state', 'in', UNUSED)
        .executeTakeFirst()
      return numUpdatedRows > 0
    },
    setAvatar: (user, id) => db.transaction().execute((trx) => setAvatar(trx, { user, id, lock })),
    expire: async (now) => {
      await db
        .updateTable('upload')
        .set({ state: 'removed' })
        .where('id', 'in', (of) =>
          of
            .selectFrom('upload')
            .select('id')
            .where('state', 'in', UNUSED)
            .where('expires_at', '<=', now)
            // What a message is being given has not expired in time.
            .$if(lock === 'rows', (some) => some.forUpdate().skipLocked()),
        )
        .execute()
    },
    removed: async (most) => {
      const rows = await db.selectFrom('upload').select('id').where('state', '=', 'removed').limit(most).execute()
      return rows.map(({ id }) => id)
    },
    forget: async (ids) => {
      if (ids.length === 0) return
      await db
        .deleteFrom('upload')
        .where('id', 'in', [...ids])
        .where('state', '=', 'removed')
        .execute()
    },
  }
}

/** What an upload's row says of its file. */
export function toAttachment(row: Omit<UploadRow, 'state'>): Attachment {
  const { id, name, type, size, width, height, thumbnail } = row
  return {
    id,
    name,
    type: type ?? '',
    size,
    ...(width === null || height === null ? {} : { width, height }),
    ...(thumbnail === 0 ? {} : { thumbnail: true as const }),
  }
}

/** Takes the files of messages away inside the transaction that takes the messages. `upTo`: of all up to that seq. */
export async function removeUploadsOf(
  db: Kysely<Tables>,
  { channel, seq }: { channel: string; seq: number },
  upTo = false,
): Promise<void> {
  await db
    .updateTable('upload')
    .set({ state: 'removed', channel: null, seq: null })
    .where('channel', '=', channel)
    .where('seq', upTo ? '<=' : '=', seq)
    .execute()
}

function toUpload(row: UploadRow): StoredUpload {
  const { id, owner, purpose, name, size, state, type, channel, seq } = row
  return {
    id,
    owner,
    purpose,
    name,
    size,
    state,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(type === null ? {} : { file: toAttachment(row) }),
    ...(channel === null || seq === null ? {} : { message: { channel, seq } }),
  }
}

/** Uploads of one owner are counted one after the other. */
async function lockAccount(trx: Transaction<Tables>, id: string, lock: Dialect['lock']): Promise<void> {
  if (lock !== 'rows') return
  await trx.selectFrom('account').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

async function countOf(db: Kysely<Tables>, owner: string): Promise<{ bytes: number; growing: number }> {
  const { bytes, growing } = await db
    .selectFrom('upload')
    .select([
      sql<number | string | null>`sum(size)`.as('bytes'),
      sql<number | string | null>`sum(case when state = 'growing' then 1 else 0 end)`.as('growing'),
    ])
    .where('owner', '=', owner)
    .where('state', '!=', 'removed')
    .executeTakeFirstOrThrow()
  return { bytes: Number(bytes ?? 0), growing: Number(growing ?? 0) }
}

async function setAvatar(
  trx: Transaction<Tables>,
  { user, id, lock }: { user: string; id: string | undefined; lock: Dialect['lock'] },
): ReturnType<UploadRepository['setAvatar']> {
  await lockAccount(trx, user, lock)
  const current = (await readUsers(trx, [user])).get(user)
  if (!current) return undefined
  const avatar = id ?? null
  if (current.avatar === avatar) return toUser(current)
  if (id !== undefined && !(await take(trx, user, id))) return undefined
  if (current.avatar !== null) {
    await trx.updateTable('upload').set({ state: 'removed' }).where('id', '=', current.avatar).execute()
  }
  await trx.updateTable('account').set({ avatar }).where('id', '=', user).execute()
  return toUser({ ...current, avatar })
}

async function take(trx: Transaction<Tables>, user: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('upload')
    .set({ state: 'used' })
    .where('id', '=', id)
    .where('owner', '=', user)
    .where('purpose', '=', 'avatar')
    .where('state', '=', 'ready')
    .executeTakeFirst()
  return numUpdatedRows > 0
}
