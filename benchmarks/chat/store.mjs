import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'libsql'
import { makeAccounts } from './accounts.mjs'
import { storageOf } from './storages.mjs'

/** A store with accounts and channels that servers under measurement start from, each on a copy. */
export class Store {
  #directory
  #file
  #copies = 0
  /** @type {string[]} Of each account one that signs it in. */
  tokens = []

  /** @param {string} directory */
  constructor(directory) {
    this.#directory = directory
    this.#file = join(directory, 'first.db')
  }

  /** @param {{ channels: readonly string[], accounts: number }} contents */
  async make({ channels, accounts }) {
    const storage = storageOf({ kind: 'sqlite', file: this.#file })
    await storage.open()
    try {
      this.tokens = (await makeAccounts(storage, accounts)).map(({ token }) => token)
      const at = Date.now()
      for (const id of channels) await storage.channels.create({ id, kind: 'text', name: id, nameKey: id, at })
    } finally {
      await storage.close()
    }
    moveLogIntoFile(this.#file)
  }

  /**
   * A server's own file, and what the server is started with: Arclight with a copy of this store, another with a file
   * that does not exist yet.
   * @param {import('./peers.mjs').ChatPeerName} peer
   */
  async prepare(peer) {
    const file = join(this.#directory, `${peer}-${++this.#copies}.db`)
    if (peer !== 'arclight') return { file, options: { file } }
    await copyFile(this.#file, file)
    return { file, options: { storage: { kind: 'sqlite', file } } }
  }
}

/** Messages in a server's file, once it is closed. @param {string} file */
export function countMessages(file) {
  const database = new Database(file)
  const row = /** @type {{ count: number }} */ (database.prepare('select count(*) as count from message').get())
  database.close()
  return row.count
}

/** A copy is of one file. @param {string} file */
function moveLogIntoFile(file) {
  const database = new Database(file)
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}
