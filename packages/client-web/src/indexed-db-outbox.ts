import type { OutboxEntry, OutboxLane, OutboxLaneEvents, OutboxScope, OutboxStore } from '@arclight/core/contracts'
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import { Lifeboat } from './lifeboat.ts'
import { OwnerLocks } from './owner-locks.ts'

interface Row extends OutboxEntry {
  readonly scope: string
  readonly owner: string
  /** Rises with each put of an owner, and is above all that it had adopted. */
  readonly order: number
}

interface Tables extends DBSchema {
  entries: { key: [scope: string, clientId: string]; value: Row }
}

type Entries = IDBPObjectStore<Tables, ['entries'], 'entries', 'readwrite'>

/**
 * Keeps messages in IndexedDB, so that they survive a reload, and a tab that was closed leaves its own to another.
 * Which tab owns what is held by Web Locks, which end with the tab whatever happens to it; they need a secure context
 * (https or this machine), without which `open` rejects.
 */
export function indexedDbOutbox(name = 'arclight-outbox'): OutboxStore {
  return { open: (scope, events) => IndexedDbLane.open(name, scope, events) }
}

class IndexedDbLane implements OutboxLane {
  readonly #database: IDBPDatabase<Tables>
  readonly #scope: string
  readonly #events: OutboxLaneEvents
  readonly #locks: OwnerLocks
  readonly #lifeboat: Lifeboat<Row>
  #order = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    database: IDBPDatabase<Tables>,
    parts: { scope: string; events: OutboxLaneEvents; locks: OwnerLocks; lifeboat: Lifeboat<Row> },
  ) {
    this.#database = database
    this.#scope = parts.scope
    this.#events = parts.events
    this.#locks = parts.locks
    this.#lifeboat = parts.lifeboat
  }

  static async open(name: string, { server, user }: OutboxScope, events: OutboxLaneEvents): Promise<IndexedDbLane> {
    const scope = JSON.stringify([server, user])
    const database = await openDB<Tables>(name, 1, {
      upgrade: (upgraded) => {
        upgraded.createObjectStore('entries', { keyPath: ['scope', 'clientId'] })
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    })
    let locks: OwnerLocks | undefined
    let lifeboat: Lifeboat<Row> | undefined
    try {
      locks = await OwnerLocks.acquire(`${name} ${scope}`)
      lifeboat = new Lifeboat(`${name} ${scope}`, locks.owner)
      const lane = new IndexedDbLane(database, { scope, events, locks, lifeboat })
      await locks.watch((living) => lane.#adopt(living))
      return lane
    } catch (error) {
      lifeboat?.close()
      locks?.release()
      database.close()
      throw error
    }
  }

  async put(entry: OutboxEntry): Promise<void> {
    const { clientId } = entry
    const { owner } = this.#locks
    const row = { ...entry, scope: this.#scope, owner, order: ++this.#order }
    this.#lifeboat.add(clientId, row)
    await this.#write((entries) => entries.put(row))
    this.#lifeboat.safe(clientId)
  }

  async remove(clientId: string): Promise<void> {
    this.#lifeboat.safe(clientId)
    await this.#write((entries) => entries.delete([this.#scope, clientId]))
  }

  async close(): Promise<void> {
    await this.#locks.unwatch()
    await this.#last
    this.#lifeboat.close()
    this.#database.close()
    this.#locks.release()
  }

  /**
   * Transactions on one store run in the order in which they were made. Committing in the same breath leaves nothing
   * for this page to do: a reload in the next instant does not lose the write.
   */
  async #write(change: (entries: Entries) => Promise<unknown>): Promise<void> {
    const transaction = this.#database.transaction('entries', 'readwrite')
    const { done } = transaction
    this.#last = done.catch(() => {})
    const changed = change(transaction.store)
    transaction.commit()
    await Promise.all([changed, done])
  }

  /** Takes what owners that are not among the living have left; nobody else adopts meanwhile. */
  async #adopt(living: ReadonlySet<string>): Promise<void> {
    const transaction = this.#database.transaction('entries', 'readwrite')
    const boats = this.#lifeboat.found(living)
    const stored = await transaction.store.getAll(IDBKeyRange.bound([this.#scope], [this.#scope, []]))
    const orphaned = [...boats.rows, ...stored.filter(({ owner }) => !living.has(owner))]
    const left = [...new Map(orphaned.map((row) => [row.clientId, row])).values()]
    left.sort((one, other) => one.order - other.order)
    await Promise.all(left.map((row) => transaction.store.put({ ...row, owner: this.#locks.owner })))
    await transaction.done
    boats.forget()
    if (left.length === 0) return
    this.#order = Math.max(this.#order, ...left.map(({ order }) => order))
    this.#events.adopted(left.map(({ scope, owner, order, ...entry }) => entry))
  }
}
