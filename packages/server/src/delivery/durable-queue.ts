import type { EntryBlock } from './entry-block.ts'

/** Entries and bytes of one connection that may wait: past either the channel lags and the client pulls. */
const MOST_ENTRIES = 1_000
const MOST_BYTES = 1_048_576

/** What a connection has not yet taken of a block. */
interface Waiting {
  readonly channel: string
  readonly block: EntryBlock
  /** Entries of it that are taken. */
  taken: number
}

/**
 * Log entries on their way to one connection. A connection too slow for a channel loses that channel's waiting
 * entries and is told where the log stands instead: nothing is lost, since the log can be read.
 */
export class DurableQueue {
  #waiting: Waiting[] = []
  #entries = 0
  #bytes = 0
  /** Lagging channels, with the newest seq each has. */
  readonly #lagging = new Map<string, number>()

  /** Entries that wait, and channels that are to be told that they lag. */
  get size(): number {
    return this.#entries + this.#lagging.size
  }

  /** Takes entries; returns whether the channel lags, so that the connection is to be told. */
  push(channel: string, block: EntryBlock): boolean {
    if (this.#lagging.has(channel)) {
      this.#lagging.set(channel, block.seq)
      return true
    }
    const [entries, bytes] = [this.#entries + block.ends.length, this.#bytes + block.bytes.length]
    if (entries <= MOST_ENTRIES && bytes <= MOST_BYTES) {
      this.#waiting.push({ channel, block, taken: 0 })
      this.#entries = entries
      this.#bytes = bytes
      return false
    }
    this.forget(channel)
    this.#lagging.set(channel, block.seq)
    return true
  }

  /** Drops what waits of a channel. */
  forget(channel: string): void {
    this.#lagging.delete(channel)
    this.#waiting = this.#waiting.filter((waiting) => waiting.channel !== channel)
    this.#entries = this.#waiting.reduce((sum, { block, taken }) => sum + block.ends.length - taken, 0)
    this.#bytes = this.#waiting.reduce((sum, waiting) => sum + waiting.block.bytes.length - startOf(waiting), 0)
  }

  /** The next entries up to about `most` bytes, at least one, taken out: a buffer for what waited of each block. */
  take(most: number): Buffer[] {
    const taken: Buffer[] = []
    let bytes = 0
    for (const waiting of this.#waiting) {
      if (bytes >= most) break
      const before = waiting.taken
      const next = takeOf(waiting, most - bytes)
      this.#entries -= waiting.taken - before
      bytes += next.length
      taken.push(next)
    }
    this.#bytes -= bytes
    const last = this.#waiting[taken.length - 1]
    this.#waiting.splice(0, taken.length, ...(last && isLeft(last) ? [last] : []))
    return taken
  }

  /** The lagging channels and their heads; from here on their entries flow again. */
  takeLagging(): [channel: string, seq: number][] {
    const lagging = [...this.#lagging]
    this.#lagging.clear()
    return lagging
  }
}

/** Where the first byte is that waits. */
function startOf({ block, taken }: Waiting): number {
  return taken === 0 ? 0 : (block.ends[taken - 1] as number)
}

function isLeft({ block, taken }: Waiting): boolean {
  return taken < block.ends.length
}

/** Whole entries, as many as it takes to have `most` bytes, or all. */
function takeOf(waiting: Waiting, most: number): Buffer {
  const { bytes, ends } = waiting.block
  const start = startOf(waiting)
  let { taken } = waiting
  do taken++
  while (taken < ends.length && (ends[taken - 1] as number) - start < most)
  waiting.taken = taken
  return taken === ends.length && start === 0 ? bytes : bytes.subarray(start, ends[taken - 1])
}
