/**
 * What a page that goes away has written and its database has not confirmed. Transactions that wait when a page is
 * torn down are aborted, committed or not; localStorage is synchronous, and its writes in `pagehide` stay.
 */
export class Lifeboat<Row> {
  readonly #prefix: string
  readonly #key: string
  readonly #waiting = new Map<string, Row>()
  readonly #leave = (): void => this.#board()
  readonly #return = (): void => this.#remove(this.#key)

  constructor(prefix: string, owner: string) {
    this.#prefix = `${prefix} lifeboat `
    this.#key = this.#prefix + owner
    window.addEventListener('pagehide', this.#leave)
    window.addEventListener('pageshow', this.#return)
  }

  /** From here on the row goes along, until it is `safe`. */
  add(id: string, row: Row): void {
    this.#waiting.set(id, row)
  }

  /** The row is in the database, or not wanted any more. */
  safe(id: string): void {
    this.#waiting.delete(id)
  }

  /** What owners that are not among the living have left here, and a function that forgets it. */
  found(living: ReadonlySet<string>): { rows: Row[]; forget: () => void } {
    const keys = this.#keys().filter((key) => !living.has(key.slice(this.#prefix.length)))
    const forget = (): void => {
      for (const key of keys) this.#remove(key)
    }
    return { rows: keys.flatMap((key) => read<Row>(key)), forget }
  }

  close(): void {
    window.removeEventListener('pagehide', this.#leave)
    window.removeEventListener('pageshow', this.#return)
    this.#waiting.clear()
  }

  #board(): void {
    if (this.#waiting.size === 0) return
    try {
      localStorage.setItem(this.#key, JSON.stringify([...this.#waiting.values()]))
    } catch {
      // Full or blocked: then the database alone must do.
    }
  }

  #remove(key: string): void {
    try {
      localStorage.removeItem(key)
    } catch {
      // Blocked: nothing was kept there either.
    }
  }

  #keys(): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix))
    } catch {
      return []
    }
  }
}

function read<Row>(key: string): Row[] {
  try {
    const rows: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(rows) ? (rows as Row[]) : []
  } catch {
    return []
  }
}
