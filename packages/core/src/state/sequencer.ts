/** Something with a place in a channel's log. */
export interface Sequenced {
  readonly seq: number
}

/** Entries held beyond a gap; past it the newest are let go, since the pull that fills the gap brings them again. */
const MOST_HELD = 1_000

/**
 * Puts one channel's entries in order: each `seq` comes out once, in rising order and without a gap, whatever
 * mixture of live events and pulled pages goes in.
 */
export class Sequencer<Entry extends Sequenced> {
  #epoch: string
  #seq: number
  /** The highest seq that the channel is known to have. */
  #head: number
  readonly #held = new Map<number, Entry>()

  constructor(cursor: { epoch: string; seq: number }) {
    this.#epoch = cursor.epoch
    this.#seq = cursor.seq
    this.#head = cursor.seq
  }

  /** The last entry that came out. */
  get cursor(): { epoch: string; seq: number } {
    return { epoch: this.#epoch, seq: this.#seq }
  }

  /** Whether entries are known to exist that have not come in: time to pull after `cursor.seq`. */
  get behind(): boolean {
    return this.#head > this.#seq
  }

  /** Takes an entry; returns those that come out now. */
  push(entry: Entry): Entry[] {
    if (entry.seq > this.#head) this.#head = entry.seq
    if (entry.seq <= this.#seq) return []
    if (entry.seq > this.#seq + 1 && this.#held.size >= MOST_HELD) return []
    this.#held.set(entry.seq, entry)
    const ready: Entry[] = []
    for (let next = this.#held.get(this.#seq + 1); next; next = this.#held.get(this.#seq + 1)) {
      this.#held.delete(next.seq)
      this.#seq = next.seq
      ready.push(next)
    }
    return ready
  }

  /**
   * The server says how far the log goes; what it says may be older than the entries that came meanwhile. False where
   * the epoch is another: then `reset` is due.
   */
  learn(head: { epoch: string; head: number }): boolean {
    if (head.epoch !== this.#epoch) return false
    if (head.head > this.#head) this.#head = head.head
    return true
  }

  /**
   * A new connection says how far the log goes. False where it is another log: another epoch, or one that ends before
   * what came out, as a restored copy does; then `reset` is due. What is held beyond the head was of such a log too.
   */
  resume(head: { epoch: string; head: number }): boolean {
    if (head.epoch !== this.#epoch || head.head < this.#seq) return false
    this.#head = head.head
    for (const seq of this.#held.keys()) if (seq > head.head) this.#held.delete(seq)
    return true
  }

  /** Starts anew at `cursor`; what was held is dropped. */
  reset(cursor: { epoch: string; seq: number }): void {
    this.#epoch = cursor.epoch
    this.#seq = cursor.seq
    this.#head = cursor.seq
    this.#held.clear()
  }
}
