import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type Database from 'libsql'

/** Statements that stay prepared; a server's own are about fifty, some by how many values they are given. */
const MOST_STATEMENTS = 200

/**
 * A database whose statements stay prepared, those used least recently forgotten first: Kysely prepares each one each
 * time, which costs as much as running it. A statement is run to its end before it is used again.
 */
export class PreparedDatabase implements SqliteDatabase {
  readonly #database: Database.Database
  /** By their text, those used least recently first. */
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(database: Database.Database) {
    this.#database = database
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known) this.#statements.delete(sql)
    const statement = known ?? this.#prepare(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > MOST_STATEMENTS) this.#forgetOldest()
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  /** Whether it has rows is asked of a statement once. */
  #prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql)
    const { reader } = statement
    return {
      reader,
      all: (parameters) => statement.all(parameters),
      run: (parameters) => statement.run(parameters),
      iterate: (parameters) => statement.iterate(parameters),
    }
  }

  #forgetOldest(): void {
    for (const sql of this.#statements.keys()) return void this.#statements.delete(sql)
  }
}
