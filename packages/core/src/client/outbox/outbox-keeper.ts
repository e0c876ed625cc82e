import type { OutboxEntry, OutboxLane, OutboxStore } from '../../contracts/outbox-store.ts'
import type { Clock } from '../../time/clock.ts'
import type { Milliseconds } from '../../time/units.ts'

/** What the keeper needs, and what it tells. */
export interface OutboxKeeperParts {
  /** Undefined: nothing outlives the client. */
  readonly store: OutboxStore | undefined
  readonly server: string
  readonly clock: Clock
  /** Entries may leave from here on, those that were adopted in front. */
  readonly ready: (adopted: readonly OutboxEntry[]) => void
  readonly adopted: (entries: readonly OutboxEntry[]) => void
  /** An entry is in the store. */
  readonly kept: (clientId: string) => void
  /** The store failed: what is not in it is in memory only. Told once for each sign-in. */
  readonly failed: (why: unknown) => void
}

type KeeperState =
  | { readonly name: 'closed' }
  | { readonly name: 'opening'; readonly user: string; readonly early: OutboxEntry[] }
  | { readonly name: 'open'; readonly user: string; readonly lane: OutboxLane }
  /** `lane` holds what was put before the store failed. */
  | { readonly name: 'memory'; readonly user: string; readonly lane: OutboxLane | undefined }

/** Longer than any healthy store takes to open; messages wait for it, since what an earlier client left goes first. */
const MOST_OPENING_MS: Milliseconds = 5_000

/** Keeps a copy of what waits in the store, under the account that is signed in. */
export class OutboxKeeper {
  readonly #parts: OutboxKeeperParts
  #state: KeeperState = { name: 'closed' }
  #closing: Promise<void> = Promise.resolve()

  constructor(parts: OutboxKeeperParts) {
    this.#parts = parts
  }

  /** Whose messages are kept. */
  get user(): string | undefined {
    return this.#state.name === 'closed' ? undefined : this.#state.user
  }

  /** Whether it is known what earlier clients have left, so that messages may leave. */
  get ready(): boolean {
    return this.#state.name === 'open' || this.#state.name === 'memory'
  }

  /** Where a message that is written now is kept. */
  get place(): 'store' | 'memory' {
    return this.#state.name === 'open' ? 'store' : 'memory'
  }

  /** Opens the account's lane; does nothing where it is this account's already. */
  open(user: string): void {
    const { store, server, clock } = this.#parts
    if (this.user === user) return
    this.close()
    if (!store) return this.#enter({ name: 'memory', user, lane: undefined })
    const opening: KeeperState = { name: 'opening', user, early: [] }
    this.#state = opening
    const cancel = clock.after(MOST_OPENING_MS, () =>
      this.#fail(opening, new Error(`the outbox did not open within ${MOST_OPENING_MS} ms`)),
    )
    const adopted = (entries: readonly OutboxEntry[]): void => {
      if (this.#state === opening) opening.early.push(...entries)
      else if (lane && 'lane' in this.#state && this.#state.lane === lane) this.#parts.adopted(entries)
    }
    let lane: OutboxLane | undefined
    this.#closing
      .then(() => store.open({ server, user }, { adopted }))
      .then(
        (opened) => {
          lane = opened
          if (this.#state === opening) this.#enter({ name: 'open', user, lane }, opening.early)
          else void opened.close().catch(() => {})
        },
        (error: unknown) => this.#fail(opening, error),
      )
      .finally(cancel)
  }

  put(entry: OutboxEntry): void {
    const state = this.#state
    if (state.name !== 'open') return
    state.lane.put(entry).then(
      () => this.#parts.kept(entry.clientId),
      (error: unknown) => this.#fail(state, error),
    )
  }

  remove(clientId: string): void {
    const state = this.#state
    if (state.name === 'open' || state.name === 'memory') {
      state.lane?.remove(clientId).catch((error: unknown) => this.#fail(state, error))
    }
  }

  /** Nobody is signed in any more: what is in the store stays there, for whoever signs in next as this account. */
  close(): void {
    const state = this.#state
    this.#state = { name: 'closed' }
    if ('lane' in state && state.lane) this.#closing = state.lane.close().catch(() => {})
  }

  #enter(state: KeeperState, adopted: readonly OutboxEntry[] = []): void {
    this.#state = state
    this.#parts.ready(adopted)
  }

  #fail(state: KeeperState, why: unknown): void {
    if (this.#state !== state || state.name === 'closed' || state.name === 'memory') return
    this.#state = { name: 'memory', user: state.user, lane: state.name === 'open' ? state.lane : undefined }
    this.#parts.failed(why)
    if (state.name === 'opening') this.#parts.ready([])
  }
}
