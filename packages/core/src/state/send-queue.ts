/** What waits until the server has answered for it. */
export interface Outgoing {
  readonly clientId: string
  readonly channel: string
}

/** Where an entry is: it may leave, it has left and no answer came yet, or it was refused and waits for its next try. */
export type Progress = 'waiting' | 'under-way' | 'retrying'

/** An entry that leaves now, and the client id of the one that the server has to store first. */
export interface Leaving<Entry> {
  readonly entry: Entry
  readonly after: string | undefined
}

interface Slot<Entry> {
  readonly entry: Entry
  readonly adopted: boolean
  progress: Progress
}

/**
 * Messages on their way, in the order in which they were sent. An entry is settled when the server has answered for
 * it. Of one channel none leaves before an earlier one has left, and one that leaves behind another without waiting
 * for its answer names it.
 */
export class SendQueue<Entry extends Outgoing> {
  #slots = new Map<string, Slot<Entry>>()

  get size(): number {
    return this.#slots.size
  }

  get(clientId: string): Entry | undefined {
    return this.#slots.get(clientId)?.entry
  }

  progressOf(clientId: string): Progress | undefined {
    return this.#slots.get(clientId)?.progress
  }

  add(entry: Entry): void {
    this.#slots.set(entry.clientId, { entry, adopted: false, progress: 'waiting' })
  }

  /** Takes over what others have left, none of it known here: in front of what has not left. */
  adopt(entries: readonly Entry[]): void {
    const known = [...this.#slots]
    const last = known.findLastIndex(([, { adopted, progress }]) => adopted || progress !== 'waiting')
    const taken = entries.map((entry): [string, Slot<Entry>] => [
      entry.clientId,
      { entry, adopted: true, progress: 'waiting' },
    ])
    this.#slots = new Map(known.toSpliced(last + 1, 0, ...taken))
  }

  /** Takes the entry out; undefined where it is out already. */
  settle(clientId: string): Entry | undefined {
    const slot = this.#slots.get(clientId)
    this.#slots.delete(clientId)
    return slot?.entry
  }

  /** The entry did not get its answer: it leaves again, or waits for its next try. */
  put(clientId: string, progress: 'waiting' | 'retrying'): void {
    const slot = this.#slots.get(clientId)
    if (slot) slot.progress = progress
  }

  /** Those that leave now, oldest first, at most so many; they are under way from here on. */
  take(most: number): Leaving<Entry>[] {
    const leaving: Leaving<Entry>[] = []
    const before = new Map<string, string>()
    const held = new Set<string>()
    for (const [clientId, slot] of this.#slots) {
      if (leaving.length >= most) break
      const { channel } = slot.entry
      if (slot.progress === 'retrying') held.add(channel)
      if (held.has(channel)) continue
      if (slot.progress === 'waiting') {
        slot.progress = 'under-way'
        leaving.push({ entry: slot.entry, after: before.get(channel) })
      }
      before.set(channel, clientId)
    }
    return leaving
  }

  /** Oldest first. */
  entries(): Entry[] {
    return [...this.#slots.values()].map(({ entry }) => entry)
  }
}
