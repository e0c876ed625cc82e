/** What waits until the server has stored it. */
export interface Outgoing {
  readonly clientId: string
}

/**
 * Messages on their way, in the order in which they were sent. An entry leaves when the server has answered for it,
 * so after a reconnect everything that is left is sent again; the server knows repeats by their client id.
 */
export class Outbox<Entry extends Outgoing> {
  readonly #entries = new Map<string, Entry>()

  get size(): number {
    return this.#entries.size
  }

  add(entry: Entry): void {
    this.#entries.set(entry.clientId, entry)
  }

  has(clientId: string): boolean {
    return this.#entries.has(clientId)
  }

  /** Takes the entry out; undefined where it has left already. */
  settle(clientId: string): Entry | undefined {
    const entry = this.#entries.get(clientId)
    this.#entries.delete(clientId)
    return entry
  }

  /** Oldest first. */
  entries(): Entry[] {
    return [...this.#entries.values()]
  }
}
