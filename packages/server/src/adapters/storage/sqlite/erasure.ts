import { statSync } from 'node:fs'
import type { Milliseconds } from '@arclight/core'
import type Database from 'libsql'
import { clearGap, keepsInGap } from './page-gap.ts'
import { walPages } from './wal-pages.ts'
import type { WorkerRequest } from './worker-messages.ts'

/** Past this the write-ahead log is emptied whatever was written. */
const MOST_WAL_BYTES = 16 * 1_048_576
/** Somebody reads, and what they read has to stay for so long. */
const RETRY_MS = 1_000

/** What an erasure is told. */
export interface ErasureOptions {
  /** The database's path. */
  readonly file: string
  /** How long what was taken out may stay in the write-ahead log. */
  readonly afterMs: Milliseconds
  /** How long the database waits for others otherwise. */
  readonly busyMs: Milliseconds
}

type State =
  | { readonly name: 'idle' }
  /** `retrying`: somebody read, and whatever is written meanwhile changes nothing about when it is tried again. */
  | { readonly name: 'waiting' | 'retrying'; readonly until: Milliseconds; readonly timer: NodeJS.Timeout }

/**
 * Sees to it that what is deleted leaves the files. SQLite overwrites it in the pages that it is deleted from
 * (`secure_delete`), and leaves it in two places: the write-ahead log has the pages as they were, and so has the file
 * until the log is emptied into it; and where cells moved between pages, the gaps of the old ones keep copies. So the log
 * is emptied by this class alone, and the gaps of all pages that stand in it are overwritten before.
 */
export class Erasure {
  readonly #database: Database.Database
  readonly #options: ErasureOptions
  readonly #wal: string
  #state: State = { name: 'idle' }

  /** Takes over the emptying of the log. */
  constructor(database: Database.Database, options: ErasureOptions) {
    this.#database = database
    this.#options = options
    this.#wal = `${options.file}-wal`
    database.pragma('wal_autocheckpoint = 0')
  }

  /** A request was carried out. */
  done(request: WorkerRequest): void {
    if (erases(request)) this.#schedule('waiting', this.#options.afterMs)
    else if (this.#walBytes() > MOST_WAL_BYTES) this.#schedule('waiting', 0)
  }

  /** Empties the log; false where it cannot be, since somebody reads what is in it. Waits for nobody. */
  empty(): boolean {
    if (this.#database.inTransaction) return false
    this.#database.pragma('busy_timeout = 0')
    try {
      this.#clearGaps()
      const [outcome] = this.#database.pragma('wal_checkpoint(truncate)') as { busy: number }[]
      return outcome?.busy === 0
    } catch {
      // Another process writes, or the disk is full, of which the next write tells.
      return false
    } finally {
      this.#database.pragma(`busy_timeout = ${this.#options.busyMs}`)
    }
  }

  /** Empties the log a last time. */
  close(): void {
    if (this.#state.name !== 'idle') clearTimeout(this.#state.timer)
    this.#state = { name: 'idle' }
    this.empty()
  }

  #clearGaps(): void {
    const pages = walPages(this.#wal, keepsInGap)
    if (pages.size === 0) return
    const select = this.#database.prepare('select data from sqlite_dbpage where pgno = ?')
    const update = this.#database.prepare('update sqlite_dbpage set data = ? where pgno = ?')
    const clear = this.#database.transaction(() => {
      for (const number of pages) {
        const row = select.get(number) as { data: Buffer } | undefined
        if (row && clearGap(row.data, number)) update.run(row.data, number)
      }
    })
    clear.immediate()
  }

  #walBytes(): number {
    return statSync(this.#wal, { throwIfNoEntry: false })?.size ?? 0
  }

  #schedule(name: 'waiting' | 'retrying', ms: Milliseconds): void {
    const until = performance.now() + ms
    if (this.#state.name === 'retrying' || (this.#state.name === 'waiting' && this.#state.until <= until)) return
    if (this.#state.name === 'waiting') clearTimeout(this.#state.timer)
    const timer = setTimeout(() => {
      this.#state = { name: 'idle' }
      if (!this.empty()) this.#schedule('retrying', RETRY_MS)
    }, ms)
    this.#state = { name, until, timer }
  }
}

function erases(request: WorkerRequest): boolean {
  if (request.call !== 'method') return false
  const { repository, method, parameters } = request
  if (repository === 'channels') return method === 'purge'
  if (repository === 'uploads') return method === 'forget'
  if (repository !== 'log' || method !== 'append') return false
  const [batch] = parameters as [readonly { readonly write: string }[]]
  return batch.some(({ write }) => write === 'edit' || write === 'deletion')
}
