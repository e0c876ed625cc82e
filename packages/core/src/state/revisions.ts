/** What a message says of its place in the log. */
export interface Revised {
  readonly seq: number
  readonly rev: number
}

/** Revisions that are kept ahead of their entries; past it the oldest is let go, and its entry is told once more. */
const MOST_KEPT = 10_000

/**
 * Knows which of a log's entries say something new (EDIT-3). An entry carries its message as it was when it was read,
 * which may be ahead of the entry: then the later entries that led there have nothing to add. Only messages that were
 * given out ahead of the log's own order are kept, each until the entry that it was ahead of has come, so at most as
 * many as there are entries between the last one given out and the head: none while nothing is missing.
 */
export class Revisions {
  readonly #ahead = new Map<number, number>()

  /** How many messages are kept. */
  get size(): number {
    return this.#ahead.size
  }

  /** The entry at `seq` comes: whether its message is newer than what was given out. */
  take(seq: number, message: Revised): boolean {
    const ahead = this.#ahead.get(message.seq) ?? 0
    if (ahead <= seq) this.#ahead.delete(message.seq)
    if (message.rev <= ahead) return false
    if (message.rev > seq) this.#keep(message.seq, message.rev)
    return true
  }

  /**
   * A page or a reply gives the message out, while the log's entries have come up to `cursor`. Whoever only listens
   * has not seen it: the entry that it is ahead of comes all the same, those before that one do not.
   */
  gave(message: Revised, cursor: number): void {
    const before = message.rev - 1
    if (before > cursor && before > (this.#ahead.get(message.seq) ?? 0)) this.#keep(message.seq, before)
  }

  /** The log is another one. */
  clear(): void {
    this.#ahead.clear()
  }

  #keep(seq: number, rev: number): void {
    this.#ahead.set(seq, rev)
    if (this.#ahead.size <= MOST_KEPT) return
    const [oldest] = this.#ahead.keys()
    if (oldest !== undefined) this.#ahead.delete(oldest)
  }
}
