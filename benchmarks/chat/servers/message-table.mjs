import Database from 'libsql'

/** A page's length where nobody says otherwise. */
const PAGE = 50

/**
 * The peer's store: one table, the driver and the settings that Arclight has, so that a commit is as durable.
 * Statements are prepared once.
 */
export class MessageTable {
  #database
  #insert
  #find
  #newest
  #before
  #offset

  /** @param {string} file */
  constructor(file) {
    this.#database = new Database(file)
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = FULL')
    this.#database.exec(`
      create table if not exists message (
        id integer primary key,
        channel text not null,
        author text not null,
        client_id text not null unique,
        at integer not null,
        text text not null
      );
      create index if not exists message_place on message (channel, id)`)
    this.#insert = this.#database.prepare(
      'insert into message (channel, author, client_id, at, text) values (?, ?, ?, ?, ?) on conflict do nothing',
    )
    this.#find = this.#database.prepare('select * from message where client_id = ?')
    this.#newest = this.#database.prepare('select * from message where channel = ? order by id desc limit ?')
    this.#before = this.#database.prepare('select * from message where channel = ? and id < ? order by id desc limit ?')
    this.#offset = this.#database.prepare('select * from message where channel = ? order by id desc limit ? offset ?')
  }

  /** Stores a message; one that is stored already is left as it is. Outside of a transaction it is durable at once.
   * @param {{ channel: string, author: string, clientId: string, text: string }} message */
  store({ channel, author, clientId, text }) {
    const at = Date.now()
    const { changes, lastInsertRowid } = this.#insert.run(channel, author, clientId, at, text)
    if (changes === 0) return { isNew: false, message: /** @type {any} */ (this.#find.get(clientId)) }
    return { isNew: true, message: { id: Number(lastInsertRowid), channel, author, clientId, at, text } }
  }

  /** Does `work` in one transaction, durable when it returns. @template Result @param {() => Result} work @returns {Result} */
  together(work) {
    return this.#database.transaction(work).immediate()
  }

  /** A page that ends before an id, or the newest one. @param {{ channel: string, before?: number }} place */
  page({ channel, before }) {
    const rows = before === undefined ? this.#newest.all(channel, PAGE) : this.#before.all(channel, before, PAGE)
    return rows.reverse()
  }

  /** A page that so many newer messages are skipped for. @param {{ channel: string, offset: number }} place */
  pageAtOffset({ channel, offset }) {
    return this.#offset.all(channel, PAGE, offset).reverse()
  }

  close() {
    this.#database.close()
  }
}
