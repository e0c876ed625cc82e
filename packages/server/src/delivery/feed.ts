import { type EntryBlock, joinEntries } from './entry-block.ts'
import type { Turn, TurnMember } from './turn.ts'

/** A connection that hears a channel. */
export interface FeedListener {
  /** The entries of one turn, shared with the others who listen. */
  durable(channel: string, block: EntryBlock): void
}

/**
 * A channel's live traffic: the entries of a turn are joined once at its end, and each listener gets the same bytes. A
 * hundred listeners then cost a hundred writes, and not a hundred times the entries.
 */
export class Feed<Listener extends FeedListener> implements TurnMember {
  readonly #channel: string
  readonly #turn: Turn
  readonly #listeners = new Set<Listener>()
  #frames: Buffer[] = []
  #seq = 0

  constructor(channel: string, turn: Turn) {
    this.#channel = channel
    this.#turn = turn
  }

  get listeners(): ReadonlySet<Listener> {
    return this.#listeners
  }

  /** From the next entry on. */
  add(listener: Listener): void {
    this.flushTurn()
    this.#listeners.add(listener)
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener)
  }

  /** The next entry; `frame` makes its text frame and is called only where somebody listens. */
  push(seq: number, frame: () => Buffer): void {
    if (this.#listeners.size === 0) return
    this.#frames.push(frame())
    this.#seq = seq
    this.#turn.addRoom(this)
  }

  flushTurn(): void {
    if (this.#frames.length === 0) return
    const block = joinEntries(this.#frames, this.#seq)
    this.#frames = []
    for (const listener of this.#listeners) listener.durable(this.#channel, block)
  }
}
