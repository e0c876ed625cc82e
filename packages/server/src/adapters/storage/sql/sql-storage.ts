import type { Storage } from '@arclight/core/contracts'
import type { Kysely, Transaction } from 'kysely'
import { sqlAccounts } from './accounts.ts'
import { append } from './append.ts'
import { readByAuthor } from './by-author.ts'
import { sqlChannels } from './channels.ts'
import type { Dialect } from './dialect.ts'
import { readLog, readPage, readPins } from './history.ts'
import { sqlIdentities } from './identities.ts'
import { sqlInvites } from './invites.ts'
import { sqlModeration } from './moderation.ts'
import { readReactors } from './reactions.ts'
import { sqlReads } from './reads.ts'
import { sqlRecordings } from './recordings.ts'
import { sqlRoles } from './roles.ts'
import { searchLog } from './search.ts'
import { sqlSecondFactors } from './second-factors.ts'
import { sqlSessions } from './sessions.ts'
import type { Tables } from './tables.ts'
import { sqlUploads } from './uploads.ts'
import { sqlWebhooks } from './webhooks.ts'

/** What the repositories work with. */
export interface SqlParts {
  readonly db: Kysely<Tables>
  readonly dialect: Dialect
  /** Makes a log's identity. */
  readonly createEpoch: () => string
}

/** The repositories over one SQL database; which one, the Kysely instance and the dialect know. */
export function sqlStorage(parts: SqlParts): Omit<Storage, 'open' | 'close'> {
  const { db, dialect } = parts
  /** What is read belongs together: one snapshot. */
  const snapshot = <Result>(read: (trx: Transaction<Tables>) => Promise<Result>): Promise<Result> =>
    db.transaction().setIsolationLevel('repeatable read').execute(read)
  return {
    accounts: sqlAccounts(db, dialect),
    sessions: sqlSessions(db),
    identities: sqlIdentities(db),
    secondFactors: sqlSecondFactors(db),
    invites: sqlInvites(db),
    roles: sqlRoles(db),
    moderation: sqlModeration(db),
    channels: sqlChannels(parts),
    recordings: sqlRecordings(db),
    uploads: sqlUploads(db, dialect),
    reads: sqlReads(db),
    webhooks: sqlWebhooks(db),
    log: {
      append: (batch) => db.transaction().execute((trx) => append(trx, batch, dialect)),
      read: (channel, after, limit) => snapshot((trx) => readLog(trx, channel, after, limit)),
      page: (channel, anchor, limit) => snapshot((trx) => readPage(trx, channel, anchor, limit)),
      byAuthor: (author, page) => snapshot((trx) => readByAuthor(trx, author, page)),
      pins: (channel) => readPins(db, channel),
      reactors: (place, page) => snapshot((trx) => readReactors(trx, place, page)),
      search: (search) => snapshot((trx) => searchLog(trx, dialect.search, search)),
    },
  }
}
