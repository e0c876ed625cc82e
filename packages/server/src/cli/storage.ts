import { join } from 'node:path'
import type { Storage } from '@arclight/core/contracts'
import { sqliteStorage } from '../adapters/storage/sqlite/index.ts'
import { SettingError } from './setting-error.ts'
import type { Settings } from './settings.ts'

/** The storage that the settings name: Postgres where they have a DATABASE_URL, else SQLite's file in DATA_DIR. */
export async function findStorage({ DATABASE_URL, DATA_DIR }: Settings): Promise<Storage> {
  if (DATABASE_URL === undefined) return sqliteStorage({ file: join(DATA_DIR, 'arclight.db') })
  const { postgresStorage } = await loadPostgres()
  return postgresStorage({ url: DATABASE_URL })
}

/** `pg` is an optional package: only who uses it installs it. */
async function loadPostgres(): Promise<typeof import('../adapters/storage/postgres/index.ts')> {
  try {
    return await import('../adapters/storage/postgres/index.ts')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new SettingError('DATABASE_URL needs the package pg: npm install pg')
  }
}
