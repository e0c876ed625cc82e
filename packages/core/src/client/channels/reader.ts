import type { Message } from '../../protocol/message.ts'
import type { ReadMarker } from '../../protocol/read.ts'
import { Unread, type UnreadCount } from '../../state/unread.ts'
import type { Connection } from '../connection.ts'
import { insist } from '../insist.ts'

/** What a reader needs of its channel. */
export interface ReaderParts {
  readonly channel: string
  readonly connection: Connection
  /** Who is signed in. */
  readonly user: () => string | undefined
  readonly changed: (count: UnreadCount) => void
}

/** How far the user has read one channel. Marks go out one at a time, the newest for all that were made meanwhile. */
export class Reader {
  readonly #parts: ReaderParts
  readonly #unread = new Unread()
  #told: UnreadCount | undefined
  /** The mark that is on its way, and the one that follows it. */
  #sending: { readonly seq: number; readonly done: Promise<void> } | undefined
  #next: { seq: number; readonly done: Promise<void> } | undefined

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  get count(): UnreadCount | undefined {
    return this.#unread.count
  }

  /** Resolves when a mark at `seq` or above it is stored. */
  mark(seq: number): Promise<void> {
    if (seq <= this.#unread.seq) return Promise.resolve()
    const sending = this.#sending
    if (sending && seq <= sending.seq) return sending.done
    if (this.#next) {
      this.#next.seq = Math.max(this.#next.seq, seq)
      return this.#next.done
    }
    if (!sending) return this.#send(seq)
    const done = sending.done.catch(() => {}).then(() => this.#send(this.#next?.seq ?? seq))
    this.#next = { seq, done }
    return done
  }

  /** The server says how far the user has read. */
  marked(marker: ReadMarker): void {
    this.#unread.marked(marker)
    this.#tell()
  }

  /** A message came, new or changed. */
  came(message: Message): void {
    this.#unread.came(message, this.#parts.user())
    this.#tell()
  }

  /** The log, or the user, is another one. */
  clear(): void {
    this.#unread.clear()
    this.#told = undefined
  }

  async #send(seq: number): Promise<void> {
    const { channel, connection } = this.#parts
    const asked = insist(connection, 'read.mark', { channel, seq }, { take: ({ read }) => this.marked(read) })
    const sending = { seq, done: asked.then(() => {}) }
    this.#sending = sending
    this.#next = undefined
    try {
      await sending.done
    } finally {
      if (this.#sending === sending) this.#sending = undefined
    }
  }

  #tell(): void {
    const { count } = this.#unread
    if (!count || (this.#told?.unread === count.unread && this.#told.mentions === count.mentions)) return
    this.#told = count
    this.#parts.changed(count)
  }
}
