import { sqliteStorage } from '@arclight/server/storage/sqlite'

/**
 * Arclight's storages by what they are opened with, which crosses to the server's process: another adapter is another
 * kind.
 * @typedef {{ kind: 'sqlite', file: string }} StorageRecipe
 */

const KINDS = { sqlite: sqliteStorage }

/** @param {StorageRecipe} recipe @returns {import('@arclight/core/contracts').Storage} */
export function storageOf({ kind, ...options }) {
  return KINDS[kind](options)
}
