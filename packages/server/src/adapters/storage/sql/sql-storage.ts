import type { Storage } from '@arclight/core/contracts'
import type { Kysely } from 'kysely'
import { append } from './append.ts'
import { readLog, readPage } from './history.ts'
import { sqlRecordings } from './recordings.ts'
import { sqlSessions } from './sessions.ts'
import type { Tables } from './tables.ts'

/** The repositories over one SQL database; which one, the Kysely instance knows. */
export function sqlStorage(db: Kysely<Tables>, createEpoch: () => string): Omit<Storage, 'open' | 'close'> {
  return {
    accounts: {
      create: async ({ id, name, role, passwordHash, nameKey, createdAt }) => {
        const inserted = await db
          .insertInto('account')
          .values({ id, name, role, password_hash: passwordHash, name_key: nameKey, created_at: createdAt })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        return Boolean(inserted.numInsertedOrUpdatedRows)
      },
      byNameKey: async (nameKey) => {
        const row = await db.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
        return row && { id: row.id, name: row.name, role: row.role, passwordHash: row.password_hash }
      },
      hasOwner: async () => {
        const owner = await db.selectFrom('account').select('id').where('role', '=', 'owner').executeTakeFirst()
        return owner !== undefined
      },
    },
    sessions: sqlSessions(db),
    channels: {
      list: () => selectChannels(db).orderBy('position').orderBy('id').execute(),
      renewEpochs: async () => {
        await db.transaction().execute(async (trx) => {
          for (const { id } of await selectChannels(trx).execute()) {
            await trx.updateTable('channel').set({ epoch: createEpoch() }).where('id', '=', id).execute()
          }
        })
      },
      get: (id) => selectChannels(db).where('id', '=', id).executeTakeFirst(),
    },
    recordings: sqlRecordings(db),
    log: {
      append: (batch) => db.transaction().execute((trx) => append(trx, batch)),
      read: (channel, after, limit) => db.transaction().execute((trx) => readLog(trx, channel, after, limit)),
      page: (channel, anchor, limit) => db.transaction().execute((trx) => readPage(trx, channel, anchor, limit)),
    },
  }
}

function selectChannels(db: Kysely<Tables>) {
  return db.selectFrom('channel').select(['id', 'kind', 'name', 'epoch', 'head'])
}
