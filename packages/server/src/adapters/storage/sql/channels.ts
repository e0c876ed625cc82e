import type {
  ChannelChange,
  ChannelCreation,
  ChannelRepository,
  NewChannel,
  StoredChannel,
} from '@arclight/core/contracts'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import { readMembers } from './members.ts'
import { purgeRemoved } from './purge.ts'
import type { SqlParts } from './sql-storage.ts'
import type { Tables } from './tables.ts'

type ChannelRow = Selectable<Tables['channel']>

/** The channels over one SQL database. */
export function sqlChannels({ db, dialect, createEpoch }: SqlParts): ChannelRepository {
  return {
    list: async () => {
      const rows = await select(db).orderBy('position').orderBy('id').execute()
      return await withMembers(db, rows)
    },
    get: (id) => read(db, id),
    create: (channel) => db.transaction().execute((trx) => create(trx, channel, createEpoch())),
    update: async (id, change) => {
      try {
        return await db.transaction().execute((trx) => update(trx, { id, change, lock: dialect.lock }))
      } catch (error) {
        if (dialect.isDuplicate(error)) return 'name-taken'
        throw error
      }
    },
    remove: async (id) => {
      const removed = await db
        .updateTable('channel')
        .set({ removed: 1, name_key: null, direct_key: null })
        .where('id', '=', id)
        .where('removed', '=', 0)
        .executeTakeFirst()
      return removed.numUpdatedRows > 0
    },
    purge: (most) => db.transaction().execute((trx) => purgeRemoved(trx, most, dialect.search)),
    addMember: (id, user) => db.transaction().execute((trx) => addMember(trx, id, user)),
    removeMember: async (id, user) => {
      const removed = await db
        .deleteFrom('member')
        .where('channel', '=', id)
        .where('user', '=', user)
        .executeTakeFirst()
      return removed.numDeletedRows > 0
    },
    renewEpochs: async () => {
      await db.transaction().execute(async (trx) => {
        for (const { id } of await select(trx).execute()) {
          await trx.updateTable('channel').set({ epoch: createEpoch() }).where('id', '=', id).execute()
        }
      })
    },
  }
}

function select(db: Kysely<Tables>) {
  return db.selectFrom('channel').selectAll().where('removed', '=', 0)
}

async function read(db: Kysely<Tables>, id: string): Promise<StoredChannel | undefined> {
  const rows = await select(db).where('id', '=', id).execute()
  return (await withMembers(db, rows))[0]
}

async function create(db: Kysely<Tables>, channel: NewChannel, epoch: string): Promise<ChannelCreation> {
  const { id, kind, name, nameKey, topic = '', slowModeMs = 0, directKey, members = [] } = channel
  const isDirect = directKey !== undefined
  const inserted = await db
    .insertInto('channel')
    .values({
      ...{ id, kind, name, topic, epoch, head: 0, messages: 0, archived: 0, removed: 0 },
      name_key: nameKey ?? null,
      direct_key: directKey ?? null,
      private: channel.private ? 1 : 0,
      slow_mode_ms: slowModeMs,
      position: isDirect ? 0 : sql`(select coalesce(max(position), -1) + 1 from channel where direct_key is null)`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows) {
    const rows = members.map((user) => ({ channel: id, user }))
    if (rows.length > 0) await db.insertInto('member').values(rows).execute()
    return { outcome: 'created', channel: await mustRead(db, id) }
  }
  if (!isDirect) return { outcome: 'name-taken' }
  const known = await select(db).where('direct_key', '=', directKey).executeTakeFirstOrThrow()
  return { outcome: 'exists', channel: await mustRead(db, known.id) }
}

async function update(
  db: Kysely<Tables>,
  { id, change, lock }: { id: string; change: ChannelChange; lock: Dialect['lock'] },
): Promise<StoredChannel | undefined> {
  if (!(await read(db, id))) return undefined
  const { name, nameKey, topic, archived, slowModeMs, before } = change
  const columns = {
    ...(name === undefined ? {} : { name }),
    ...(nameKey === undefined ? {} : { name_key: nameKey }),
    ...(topic === undefined ? {} : { topic }),
    ...(archived === undefined ? {} : { archived: archived ? 1 : 0 }),
    ...(slowModeMs === undefined ? {} : { slow_mode_ms: slowModeMs }),
  }
  if (before !== undefined) await reorder(db, { id, before, lock })
  if (Object.keys(columns).length > 0) await db.updateTable('channel').set(columns).where('id', '=', id).execute()
  return mustRead(db, id)
}

/** Numbers the channels anew, `id` before `before`. They are a list that people read: few. */
async function reorder(
  db: Kysely<Tables>,
  { id, before, lock }: { id: string; before: string | null; lock: Dialect['lock'] },
): Promise<void> {
  if (lock === 'rows') await select(db).orderBy('id').forNoKeyUpdate().execute()
  const rows = await select(db).where('kind', '!=', 'direct').orderBy('position').orderBy('id').execute()
  const rest = rows.filter((row) => row.id !== id)
  const at = rest.findIndex((row) => row.id === before)
  const order = rest.map((row) => row.id)
  order.splice(at < 0 ? rest.length : at, 0, id)
  const places = new Map(rows.map((row) => [row.id, row.position]))
  for (const [position, one] of order.entries()) {
    if (places.get(one) !== position) {
      await db.updateTable('channel').set({ position }).where('id', '=', one).execute()
    }
  }
}

async function addMember(db: Kysely<Tables>, id: string, user: string): Promise<boolean> {
  const channel = await select(db).where('id', '=', id).executeTakeFirst()
  const account = await db.selectFrom('account').select('id').where('id', '=', user).executeTakeFirst()
  if (!channel || !account) return false
  const inserted = await db
    .insertInto('member')
    .values({ channel: id, user })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

async function mustRead(db: Kysely<Tables>, id: string): Promise<StoredChannel> {
  const channel = await read(db, id)
  if (!channel) throw new Error(`expected the channel ${id}, which this transaction wrote`)
  return channel
}

async function withMembers(db: Kysely<Tables>, rows: readonly ChannelRow[]): Promise<StoredChannel[]> {
  const closed = rows.filter((row) => row.private !== 0 || row.kind === 'direct').map(({ id }) => id)
  const members = await readMembers(db, closed)
  return rows.map((row) => toChannel(row, members.get(row.id)))
}

function toChannel(row: ChannelRow, members: StoredChannel['members']): StoredChannel {
  const { id, kind, name, epoch, head, messages } = row
  return {
    id,
    kind,
    name,
    ...(row.topic === '' ? {} : { topic: row.topic }),
    ...(row.private === 0 ? {} : { private: true as const }),
    ...(row.archived === 0 ? {} : { archived: true as const }),
    ...(row.slow_mode_ms === 0 ? {} : { slowModeMs: row.slow_mode_ms }),
    epoch,
    head,
    messages,
    ...(members === undefined ? {} : { members }),
    ...(row.direct_key === null ? {} : { directKey: row.direct_key }),
  }
}
