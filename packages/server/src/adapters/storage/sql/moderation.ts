import type { AuditRecord, ModerationRepository, StoredBan, StoredSilence } from '@arclight/core/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** Bans, silences and the audit log over one SQL database. */
export function sqlModeration(db: Kysely<Tables>): ModerationRepository {
  return {
    bans: async () => (await db.selectFrom('ban').selectAll().execute()).map(toBan),
    ban: async ({ user, by, at, reason = null, until = null }) => {
      const facts = { by, at, reason, until }
      await db
        .insertInto('ban')
        .values({ user, ...facts })
        .onConflict((conflict) => conflict.column('user').doUpdateSet(facts))
        .execute()
    },
    unban: async (user) => {
      const { numDeletedRows } = await db.deleteFrom('ban').where('user', '=', user).executeTakeFirst()
      return numDeletedRows > 0
    },
    silences: async () => (await db.selectFrom('silence').selectAll().execute()).map(toSilence),
    silence: async ({ channel, user, muted, deafened }) => {
      if (!muted && !deafened) {
        await db.deleteFrom('silence').where('channel', '=', channel).where('user', '=', user).execute()
        return
      }
      const taken = { muted: Number(muted), deafened: Number(deafened) }
      await db
        .insertInto('silence')
        .values({ channel, user, ...taken })
        .onConflict((conflict) => conflict.columns(['channel', 'user']).doUpdateSet(taken))
        .execute()
    },
    record: async ({ target = null, detail = null, ...record }) => {
      await db
        .insertInto('audit')
        .values({ ...record, target, detail })
        .execute()
    },
    audit: async ({ before, limit }) => {
      const last = before === undefined ? undefined : await findRecord(db, before)
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .$if(last !== undefined, (all) =>
          all.where((is) => is(is.refTuple('at', 'id'), '<', is.tuple(last?.at ?? 0, last?.id ?? ''))),
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return { records: rows.slice(0, limit).map(toRecord), hasMore: rows.length > limit }
    },
  }
}

function findRecord(db: Kysely<Tables>, id: string): Promise<{ at: number; id: string } | undefined> {
  return db.selectFrom('audit').select(['at', 'id']).where('id', '=', id).executeTakeFirst()
}

function toBan({ reason, until, ...ban }: Selectable<Tables['ban']>): StoredBan {
  return { ...ban, ...(reason === null ? {} : { reason }), ...(until === null ? {} : { until }) }
}

function toSilence({ muted, deafened, ...place }: Selectable<Tables['silence']>): StoredSilence {
  return { ...place, muted: muted === 1, deafened: deafened === 1 }
}

function toRecord({ target, detail, ...record }: Selectable<Tables['audit']>): AuditRecord {
  return { ...record, ...(target === null ? {} : { target }), ...(detail === null ? {} : { detail }) }
}
