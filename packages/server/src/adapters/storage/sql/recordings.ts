import type { RecordingSummary } from '@arclight/core'
import type { RecordingRepository } from '@arclight/core/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** The catalogue of recordings. */
export function sqlRecordings(db: Kysely<Tables>): RecordingRepository {
  return {
    create: async ({ id, owner, title, state, startedAt, durationMs, bytes, videoFrames }) => {
      const figures = { duration_ms: durationMs, bytes, video_frames: videoFrames, width: null, height: null }
      await db
        .insertInto('recording')
        .values({ id, owner: owner.id, title, state, started_at: startedAt, ...figures })
        .execute()
    },
    update: async (id, { state, durationMs, bytes, videoFrames, width = null, height = null }) => {
      const change = { state, duration_ms: durationMs, bytes, video_frames: videoFrames, width, height }
      await db.updateTable('recording').set(change).where('id', '=', id).execute()
    },
    get: async (id) => {
      const row = await select(db).where('recording.id', '=', id).executeTakeFirst()
      return row && toSummary(row)
    },
    byOwner: async (user, most) => {
      const rows = await select(db).where('owner', '=', user).orderBy('started_at', 'desc').limit(most).execute()
      return rows.map(toSummary)
    },
    remove: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('recording').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0
    },
    unfinished: async () => {
      const rows = await select(db).where('state', '=', 'recording').orderBy('started_at').execute()
      return rows.map(toSummary)
    },
  }
}

function select(db: Kysely<Tables>) {
  return db
    .selectFrom('recording')
    .innerJoin('account', 'account.id', 'recording.owner')
    .selectAll('recording')
    .select('account.name as owner_name')
}

function toSummary(row: Selectable<Tables['recording']> & { owner_name: string }): RecordingSummary {
  const { id, title, state, bytes, width, height } = row
  return {
    id,
    title,
    state,
    owner: { id: row.owner, name: row.owner_name },
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    bytes,
    videoFrames: row.video_frames,
    ...(width === null || height === null ? {} : { width, height }),
  }
}
