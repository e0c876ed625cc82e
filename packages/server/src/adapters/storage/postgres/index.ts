import { randomBytes } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import type { Storage } from '@arclight/core/contracts'
import { Kysely, PostgresDialect } from 'kysely'
import type { Dialect } from '../sql/dialect.ts'
import { migrate } from '../sql/migrations/index.ts'
import { sqlStorage } from '../sql/sql-storage.ts'
import type { Tables } from '../sql/tables.ts'
import { Calls } from './calls.ts'
import { codePointOrder } from './code-point-order.ts'
import { isDuplicate, sentenceOf } from './errors.ts'
import { type PoolParts, SafePool } from './safe-pool.ts'
import { makeSchema } from './schema.ts'
import { vectorIndex } from './vector-index.ts'

/** Where the database is, and how it is used. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:5432/database`, with `?sslmode=verify-full` and whatever else `pg` reads there. What
   * it leaves out comes from the environment (PGHOST, PGUSER, PGPASSWORD …).
   */
  readonly url?: string | undefined
  /** The schema of the tables, made where there is none; `arclight` unless told. A lower-case word. */
  readonly schema?: string | undefined
  /** Connections, at most; 10 unless told. */
  readonly connections?: number | undefined
  /** How long one statement may take, in milliseconds; 30,000 unless told. Migrations may take as long as they do. */
  readonly statementTimeoutMs?: number | undefined
  /** How long a call waits for a connection, in milliseconds; 10,000 unless told. */
  readonly connectTimeoutMs?: number | undefined
  /** TLS, where the URL says nothing of it. */
  readonly ssl?: boolean | ConnectionOptions | undefined
}

const EPOCH_BYTES = 9
const WORD = /^[a-z_][a-z0-9_]{0,62}$/
const dialect: Dialect = { search: vectorIndex, lock: 'rows', isDuplicate }

/**
 * Postgres, 13 or newer, through `pg`. Several servers may use one database. A connection that is lost is replaced; the
 * calls that were on it reject, and what becomes of an append then is known to whoever repeats it. Not through a pooler
 * that gives out connections by the transaction: the schema is set for a connection's life.
 */
export function postgresStorage(options: PostgresOptions = {}): Storage {
  const { schema = 'arclight', statementTimeoutMs = 30_000, connections = 10 } = options
  if (!WORD.test(schema)) throw new TypeError(`expected a schema of lower-case letters, digits and _, not ${schema}`)
  const parts: PoolParts = { ...options, schema, statementTimeoutMs, connections }
  const db = open(parts)
  const calls = new Calls()
  const repositories = sqlStorage({ db, dialect, createEpoch })
  let closing: Promise<void> | undefined
  return {
    open: async () => {
      try {
        await prepare(parts)
      } catch (error) {
        throw new Error(sentenceOf(error), { cause: error })
      }
    },
    accounts: calls.watch(repositories.accounts),
    sessions: calls.watch(repositories.sessions),
    identities: calls.watch(repositories.identities),
    secondFactors: calls.watch(repositories.secondFactors),
    invites: calls.watch(repositories.invites),
    roles: calls.watch(repositories.roles),
    moderation: calls.watch(repositories.moderation),
    channels: calls.watch(repositories.channels),
    log: calls.watch(repositories.log),
    reads: calls.watch(repositories.reads),
    webhooks: calls.watch(repositories.webhooks),
    recordings: calls.watch(repositories.recordings),
    uploads: calls.watch(repositories.uploads),
    close: () => {
      // The pool forgets who waits for a connection when it is ended.
      closing ??= calls.close().then(() => db.destroy())
      return closing
    },
  }
}

/** Makes the schema and brings it up to date, on connections of its own: a migration may take its time. */
async function prepare(parts: PoolParts): Promise<void> {
  const db = open({ ...parts, statementTimeoutMs: 0, connections: 2 })
  try {
    await makeSchema(db, parts.schema)
    await migrate(db.withPlugin(codePointOrder), { createEpoch, search: vectorIndex, schema: parts.schema })
  } finally {
    await db.destroy()
  }
}

function open(parts: PoolParts): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new SafePool(parts) }) })
}

function createEpoch(): string {
  return randomBytes(EPOCH_BYTES).toString('base64url')
}
