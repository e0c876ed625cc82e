import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import pg from 'pg'
import { isAnswer } from './errors.ts'
import type { PostgresOptions } from './index.ts'

/** What a pool is made of. */
export interface PoolParts extends Pick<PostgresOptions, 'url' | 'ssl' | 'connectTimeoutMs'> {
  readonly schema: string
  readonly connections: number
  /** 0 for no bound. */
  readonly statementTimeoutMs: number
}

const NAME = 'arclight'
const CONNECT_MS = 10_000
/** The server ends a statement that takes too long; where not even that is heard, the connection is given up. */
const DEAF_MS = 5_000
/** A transaction that its client forgot would hold a channel's row. */
const IDLE_TRANSACTION_MS = 60_000
/** Postgres's bigint: seqs, times and sizes, all of them safe integers. */
const BIGINT = 20

/** Numbers for bigint, `pg`'s own ways for the rest. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === BIGINT ? Number : pg.types.getTypeParser(oid, format)),
}

/** Connections to one database. One that failed otherwise than by a statement's error is never given out again. */
export class SafePool implements PostgresPool {
  readonly #pool: pg.Pool

  constructor({ url, ssl, schema, connections, statementTimeoutMs, connectTimeoutMs = CONNECT_MS }: PoolParts) {
    const timeouts = statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + DEAF_MS }
    this.#pool = new pg.Pool({
      ...(url === undefined ? {} : { connectionString: url }),
      ...(ssl === undefined ? {} : { ssl }),
      application_name: NAME,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
      keepAlive: true,
      options: `-c search_path=${schema}`,
      types,
      ...timeouts,
    })
    // A connection that breaks says so to the call that uses it; where none does, the pool drops it without a word.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  async connect(): Promise<PostgresPoolClient> {
    return new SafeClient(await this.#pool.connect())
  }

  /** Connections in use are waited for. */
  end(): Promise<void> {
    return this.#pool.end()
  }
}

/** A connection for as long as one call or transaction has it. */
class SafeClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  #broken: Error | undefined

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  query<Row>(sql: string | PostgresCursor<Row>, parameters: readonly unknown[] = []): unknown {
    if (typeof sql !== 'string') throw new TypeError('expected a statement; there are no cursors here')
    return this.#run(sql, parameters)
  }

  release(): void {
    this.#client.release(this.#broken)
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    // A rollback on a connection that does not answer would only wait once more.
    if (this.#broken) throw this.#broken
    try {
      return await this.#client.query(sql, [...parameters])
    } catch (error) {
      if (!isAnswer(error)) this.#broken = error instanceof Error ? error : new Error(String(error))
      throw error
    }
  }
}
