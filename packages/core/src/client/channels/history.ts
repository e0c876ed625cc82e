import type { HistoryPage, Message } from '../../protocol/message.ts'
import type { Connection } from '../connection.ts'
import { insist } from '../insist.ts'
import type { LiveLog, LogHead } from './live-log.ts'

/** Which page: at most one of `before`, `after` and `around`, each the `seq` of a message; without any, the newest. */
export interface PageOptions {
  readonly before?: number | undefined
  readonly after?: number | undefined
  /** The message at it too, and as many before as after it. */
  readonly around?: number | undefined
  /** Messages in a page: 1–100, 50 unless told. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Where a walk through the history begins, and which way it goes. */
export type HistoryOptions = {
  /** Messages in a page: 1–100, 50 unless told. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
} & (
  | {
      /** Back from here, the newest page first; `live`, unless told, is where the live messages of the handle began. */
      readonly before?: number | 'live' | undefined
      readonly after?: undefined
    }
  | {
      /** On from here, the oldest page first, up to the newest message that the handle has given out. */
      readonly after: number
      /** Only up to where its live messages began: for whoever has shown those already. */
      readonly before?: 'live' | undefined
    }
)

/** What a history needs of its channel. */
export interface HistoryParts {
  readonly channel: string
  readonly connection: Connection
  readonly log: LiveLog
  /** The pages are of another log than those before. */
  readonly replaced: (log: LogHead) => void
  /** A page is given out. */
  readonly gave: (messages: readonly Message[]) => void
}

/** Messages that are kept while a page is on its way; past it a page that may lack one is asked for again. */
const MOST_TOLD = 1_000

/** Pages of a channel's past, which meet what its live traffic has told: nothing twice, nothing missing, nothing older. */
export class History {
  readonly #parts: HistoryParts
  /** Pages on their way. */
  #asking = 0
  /** What was told while they were, by the seq of its message, and the newest revision that was let go of it. */
  readonly #told = new Map<number, Message>()
  #lost = 0

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /** The live log has told a message, new or changed. */
  told(message: Message): void {
    if (this.#asking === 0) return
    this.#told.delete(message.seq)
    this.#told.set(message.seq, message)
    const [oldest] = this.#told.values()
    if (this.#told.size <= MOST_TOLD || !oldest) return
    this.#told.delete(oldest.seq)
    this.#lost = Math.max(this.#lost, oldest.rev)
  }

  /** The log is another one: what was told of the one before says nothing of its pages. */
  reset(): void {
    this.#told.clear()
    this.#lost = 0
  }

  /** One page: what has changed since the server read it, and was told, is in it; what is still to be told is not. */
  async page(options: PageOptions = {}): Promise<HistoryPage> {
    const page = await this.#read(options)
    this.#parts.gave(page.messages)
    return page
  }

  async *walk(options: HistoryOptions): AsyncGenerator<HistoryPage, void, undefined> {
    const { log } = this.#parts
    const begun = typeof options.before === 'number' ? log.cursor : await log.begun()
    const walked = options.after === undefined ? this.#back(options, begun?.seq) : this.#on(options, begun?.seq)
    let epoch = begun?.epoch
    for await (const page of walked) {
      epoch ??= page.epoch
      if (page.epoch !== epoch) return this.#parts.replaced({ epoch: page.epoch, head: page.asOf })
      this.#parts.gave(page.messages)
      yield page
    }
  }

  async *#back(
    { before, limit, signal }: HistoryOptions,
    start: number | undefined,
  ): AsyncGenerator<HistoryPage, void, undefined> {
    let at = typeof before === 'number' ? before : start === undefined ? undefined : start + 1
    for (;;) {
      const page = await this.#read({ before: at, limit, signal })
      yield page
      at = page.messages[0]?.seq
      if (!page.hasMoreBefore || at === undefined) return
    }
  }

  async *#on(
    { after, before, limit, signal }: HistoryOptions,
    start: number | undefined,
  ): AsyncGenerator<HistoryPage, void, undefined> {
    for (let at = after; at !== undefined; ) {
      const page = await this.#read({ after: at, limit, signal })
      const isOwn = ({ seq }: Message): boolean => before !== 'live' || start === undefined || seq <= start
      const messages = page.messages.filter(isOwn)
      const hasMoreAfter = page.hasMoreAfter && messages.length === page.messages.length
      if (messages.length > 0 || at === after) yield { ...page, messages, hasMoreAfter }
      if (!hasMoreAfter) return
      at = messages.at(-1)?.seq ?? at
    }
  }

  async #read({ before, after, around, limit, signal }: PageOptions): Promise<HistoryPage> {
    const { channel, connection } = this.#parts
    this.#asking += 1
    try {
      for (;;) {
        const page = await insist(connection, 'history.page', { channel, before, after, around, limit }, { signal })
        if (this.#lost <= page.asOf) return this.#met(this.#current(page), before !== undefined)
      }
    } finally {
      this.#asking -= 1
      if (this.#asking === 0) this.reset()
    }
  }

  /**
   * The page up to where the live log is. What comes after that will be told; what was told since the server read the
   * page may be beyond it.
   */
  #met(page: HistoryPage, isBack: boolean): HistoryPage {
    const at = this.#parts.log.cursor?.seq
    if (at === undefined || isBack) return page
    const messages = page.messages.filter(({ seq }) => seq <= at)
    const isCut = messages.length < page.messages.length
    return { ...page, messages, hasMoreAfter: !isCut && (page.hasMoreAfter || page.asOf < at) }
  }

  /** The page with what was told after the server read it. */
  #current(page: HistoryPage): HistoryPage {
    const messages = page.messages.map((message) => {
      const told = this.#told.get(message.seq)
      return told && told.rev > message.rev ? told : message
    })
    return { ...page, messages }
  }
}
