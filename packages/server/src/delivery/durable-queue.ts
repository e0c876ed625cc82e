/** Entries and bytes of one connection that may wait: past either the channel lags and the client pulls. */
const MOST_ENTRIES = 1_000
const MOST_BYTES = 1_048_576

interface Entry {
  readonly channel: string
  readonly bytes: Buffer
}

/**
 * Log entries on their way to one connection. A connection too slow for a channel loses that channel's waiting
 * entries and is told where the log stands instead: nothing is lost, since the log can be read.
 */
export class DurableQueue {
  #entries: Entry[] = []
  #bytes = 0
  /** Lagging channels, with the newest seq each has. */
  readonly #lagging = new Map<string, number>()

  /** Entries that wait, and channels that are to be told that they lag. */
  get size(): number {
    return this.#entries.length + this.#lagging.size
  }

  /** Takes an entry; returns whether the channel lags, so that the connection is to be told. */
  push(channel: string, seq: number, bytes: Buffer): boolean {
    if (this.#lagging.has(channel)) {
      this.#lagging.set(channel, seq)
      return true
    }
    if (this.#entries.length < MOST_ENTRIES && this.#bytes + bytes.length <= MOST_BYTES) {
      this.#entries.push({ channel, bytes })
      this.#bytes += bytes.length
      return false
    }
    this.forget(channel)
    this.#lagging.set(channel, seq)
    return true
  }

  /** Drops what waits of a channel. */
  forget(channel: string): void {
    this.#lagging.delete(channel)
    this.#entries = this.#entries.filter((entry) => entry.channel !== channel)
    this.#bytes = this.#entries.reduce((sum, entry) => sum + entry.bytes.length, 0)
  }

  /** The next entries up to about `most` bytes, at least one; taken out. */
  take(most: number): Buffer[] {
    let bytes = 0
    let count = 0
    while (count < this.#entries.length && bytes < most) bytes += (this.#entries[count++] as Entry).bytes.length
    this.#bytes -= bytes
    return this.#entries.splice(0, count).map((entry) => entry.bytes)
  }

  /** The lagging channels and their heads; from here on their entries flow again. */
  takeLagging(): [channel: string, seq: number][] {
    const lagging = [...this.#lagging]
    this.#lagging.clear()
    return lagging
  }
}
