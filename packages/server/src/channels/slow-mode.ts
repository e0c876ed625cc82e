import type { Clock, Milliseconds } from '@arclight/core'

/** Authors that are remembered, each in one channel: past it the one who wrote longest ago is forgotten. About 10 MB. */
const MOST_AUTHORS = 50_000

/** Who wrote when in the channels that let an author write only so often. A restart forgets it. */
export class SlowMode {
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number
  /** By channel and author, who wrote longest ago first. */
  readonly #last = new Map<string, Milliseconds>()
  /** Those whose message is being stored: another one at the same time is too early. */
  readonly #writing = new Set<string>()

  constructor(clock: Pick<Clock, 'now'>, most: number = MOST_AUTHORS) {
    this.#clock = clock
    this.#most = most
  }

  /**
   * The author wants to write, `interval` or more after their last message. Returns how long they have to wait; 0 where
   * they may, and then `end` says when the attempt is over.
   */
  begin(channel: string, author: string, interval: Milliseconds): Milliseconds {
    const key = keyOf(channel, author)
    if (this.#writing.has(key)) return interval
    const wait = (this.#last.get(key) ?? Number.NEGATIVE_INFINITY) + interval - this.#clock.now()
    if (wait > 0) return Math.ceil(wait)
    this.#writing.add(key)
    return 0
  }

  /** The attempt that `begin` let pass is over, whatever came of it. */
  end(channel: string, author: string): void {
    this.#writing.delete(keyOf(channel, author))
  }

  /** A message was stored: this is what counts. */
  stored(channel: string, author: string): void {
    const key = keyOf(channel, author)
    this.#last.delete(key)
    this.#last.set(key, this.#clock.now())
    if (this.#last.size <= this.#most) return
    for (const oldest of this.#last.keys()) return void this.#last.delete(oldest)
  }
}

function keyOf(channel: string, author: string): string {
  return `${channel} ${author}`
}
