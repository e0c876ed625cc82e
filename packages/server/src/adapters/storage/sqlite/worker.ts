import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import Database from 'libsql'
import type { Dialect } from '../sql/dialect.ts'
import { migrate } from '../sql/migrations/index.ts'
import { sqlStorage } from '../sql/sql-storage.ts'
import type { Tables } from '../sql/tables.ts'
import { Erasure } from './erasure.ts'
import { ftsIndex } from './fts-index.ts'
import { PreparedDatabase } from './prepared-database.ts'
import type { WorkerOptions, WorkerReply, WorkerRequest } from './worker-messages.ts'

const MEMORY = ':memory:'
const EPOCH_BYTES = 9
const BUSY_MS = 5_000

/** A reply goes out after a COMMIT that is on disk: WAL with synchronous=FULL. */
function openDatabase({ file, role }: WorkerOptions): Database.Database {
  const database = new Database(file, { timeout: BUSY_MS })
  if (role === 'writer') database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  // What a user deletes is overwritten, not only unlinked.
  database.pragma('secure_delete = ON')
  if (role === 'reader') database.pragma('query_only = ON')
  return database
}

/** A transaction that is going to write takes the lock at its start, so that it never has to give up half-way. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** Every migration of a start is one transaction: a crash in it leaves the store as it was, and two starts take turns. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: PreparedDatabase

  constructor(database: PreparedDatabase) {
    super({ database })
    this.#database = database
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database })
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT_UNIQUE')
}

/** An error that crosses to the main thread whole: of the driver's own class nothing but an empty one would arrive. */
function portable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const copy = new Error(error.message)
  if (error.stack !== undefined) copy.stack = error.stack
  return copy
}

async function main(options: WorkerOptions): Promise<void> {
  const port = parentPort
  if (!port) throw new Error('expected to run as a worker thread')
  const reply = (message: WorkerReply): void => port.postMessage(message)
  const file = openDatabase(options)
  const database = new PreparedDatabase(file)
  const sqlite = options.role === 'writer' ? new ImmediateDialect(database) : new SqliteDialect({ database })
  const db = new Kysely<Tables>({ dialect: sqlite })
  const createEpoch = (): string => randomBytes(EPOCH_BYTES).toString('base64url')
  const dialect: Dialect = { search: ftsIndex, lock: 'database', isDuplicate }
  const erasure =
    options.role === 'writer' && options.file !== MEMORY
      ? new Erasure(file, { file: options.file, afterMs: options.eraseAfterMs, busyMs: BUSY_MS })
      : undefined
  if (options.role === 'writer') await migrate(db, { createEpoch, search: ftsIndex })
  // A process that died has left what it wrote in the log.
  erasure?.empty()
  const storage = sqlStorage({ db, dialect, createEpoch }) as unknown as Record<
    string,
    Record<string, (...of: readonly unknown[]) => unknown>
  >
  const answer = async (request: WorkerRequest): Promise<void> => {
    const { id } = request
    try {
      if (request.call === 'close') {
        await Promise.all(underWay)
        erasure?.close()
        await db.destroy()
        reply({ id, value: undefined })
        return port.close()
      }
      reply({ id, value: await storage[request.repository]?.[request.method]?.(...request.parameters) })
      erasure?.done(request)
    } catch (error) {
      reply({ id, error: portable(error) })
    }
  }
  const underWay = new Set<Promise<void>>()
  port.on('message', (request: WorkerRequest) => {
    const call = answer(request)
    if (request.call === 'close') return
    underWay.add(call)
    void call.then(() => underWay.delete(call))
  })
  reply({ id: 0, value: undefined })
}

main(workerData as WorkerOptions).catch((error: unknown) => {
  parentPort?.postMessage({ id: 0, error: portable(error) } satisfies WorkerReply)
  parentPort?.close()
})
