import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { CompiledQuery, type DatabaseConnection, type Driver, Kysely, SqliteDialect, SqliteDriver } from 'kysely'
import Database from 'libsql'
import { migrate } from '../sql/migrations.ts'
import { sqlStorage } from '../sql/sql-storage.ts'
import type { Tables } from '../sql/tables.ts'
import type { WorkerOptions, WorkerReply, WorkerRequest } from './worker-messages.ts'

const EPOCH_BYTES = 9
const BUSY_MS = 5_000

/** A reply goes out after a COMMIT that is on disk: WAL with synchronous=FULL. */
function openDatabase({ file, role }: WorkerOptions): Database.Database {
  const database = new Database(file, { timeout: BUSY_MS })
  if (role === 'writer') database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  if (role === 'reader') database.pragma('query_only = ON')
  return database
}

/** A transaction that is going to write takes the lock at its start, so that it never has to give up half-way. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: Database.Database

  constructor(database: Database.Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database })
  }
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
  const database = openDatabase(options)
  const dialect = options.role === 'writer' ? new ImmediateDialect(database) : new SqliteDialect({ database })
  const db = new Kysely<Tables>({ dialect })
  const createEpoch = (): string => randomBytes(EPOCH_BYTES).toString('base64url')
  if (options.role === 'writer') await migrate(db, createEpoch)
  const storage = sqlStorage(db, createEpoch) as unknown as Record<
    string,
    Record<string, (...of: readonly unknown[]) => unknown>
  >
  port.on('message', async (request: WorkerRequest) => {
    const { id } = request
    try {
      if (request.call === 'close') {
        await db.destroy()
        reply({ id, value: undefined })
        return port.close()
      }
      reply({ id, value: await storage[request.repository]?.[request.method]?.(...request.parameters) })
    } catch (error) {
      reply({ id, error: portable(error) })
    }
  })
  reply({ id: 0, value: undefined })
}

main(workerData as WorkerOptions).catch((error: unknown) => {
  parentPort?.postMessage({ id: 0, error: portable(error) } satisfies WorkerReply)
  parentPort?.close()
})
