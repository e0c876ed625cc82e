import { type Kysely, type Migration, Migrator } from 'kysely'
import type { SearchIndex } from '../search-index.ts'
import type { Tables } from '../tables.ts'
import { first } from './0001-first.ts'
import { recordings } from './0002-recordings.ts'
import { sessions } from './0003-sessions.ts'
import { chat } from './0004-chat.ts'
import { uploads } from './0005-uploads.ts'
import { roles } from './0006-roles.ts'
import { smallerLog } from './0007-smaller-log.ts'
import { identities } from './0008-identities.ts'
import { secondFactor } from './0009-second-factor.ts'
import { displayNames } from './0010-display-names.ts'
import { deletedAccounts } from './0011-deleted-accounts.ts'
import { silences } from './0012-silences.ts'
import { blocks } from './0013-blocks.ts'

/** What a migration has to know of the store. */
export interface MigrationParts {
  /** Makes a log's identity. */
  readonly createEpoch: () => string
  readonly search: SearchIndex
  /** The schema of the database's tables, where it has several. */
  readonly schema?: string | undefined
}

/** Every change of the schema, oldest first, by a name that sorts. */
export function migrations({ createEpoch, search }: MigrationParts): Record<string, Migration> {
  return {
    '0001_first': first(createEpoch),
    '0002_recordings': recordings,
    '0003_sessions': sessions,
    '0004_chat': chat(search),
    '0005_uploads': uploads,
    '0006_roles': roles,
    '0007_smaller_log': smallerLog(search),
    '0008_identities': identities,
    '0009_second_factor': secondFactor,
    '0010_display_names': displayNames,
    '0011_deleted_accounts': deletedAccounts,
    '0012_silences': silences,
    '0013_blocks': blocks,
  }
}

/** Brings the store to this program's schema. Rejects with a sentence where it cannot. */
export async function migrate(db: Kysely<Tables>, parts: MigrationParts): Promise<void> {
  const known = migrations(parts)
  const { schema } = parts
  const own = schema === undefined ? {} : { migrationTableSchema: schema }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known }, ...own })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  const reason = error instanceof Error ? error.message : String(error)
  if (/corrupted migrations/.test(reason)) {
    throw new Error('the database was written by a newer version of Arclight; update the program', { cause: error })
  }
  throw new Error(`the database could not be brought up to date: ${reason}`, { cause: error })
}
