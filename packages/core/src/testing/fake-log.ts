import type { LogEntry } from '../protocol/log.ts'
import type { HistoryPage, Message } from '../protocol/message.ts'

/** What a message is appended with; `after` is the client id of the author's message that must be there. */
export type FakeMessage = Pick<Message, 'author' | 'clientId' | 'text' | 'replyTo' | 'mentions'> & {
  readonly after?: string | undefined
}

/** One channel's log as a server keeps it, in memory: reading resolves what entries point to as it is then. */
export class FakeLog {
  readonly channel: string
  epoch = 'e1'
  /** Each as it was when it was added, so as its live event; the place in the array is its seq less 1. */
  entries: LogEntry[] = []

  constructor(channel: string) {
    this.channel = channel
  }

  get head(): number {
    return this.entries.length
  }

  /** Messages as they are now, the oldest first. */
  get messages(): Message[] {
    const newest = new Map<number, Message>()
    for (const { type, data } of this.entries) {
      if (type.startsWith('message.') && data?.message?.seq) newest.set(data.message.seq, data.message)
    }
    return [...newest.values()]
  }

  get texts(): string[] {
    return this.messages.map(({ text }) => text)
  }

  /** A repeat is the first one again. */
  append(given: FakeMessage): { readonly entry: LogEntry; readonly isNew: boolean } | 'out_of_order' {
    const { author, clientId, text, after, replyTo, mentions } = given
    const find = (id: string): Message | undefined =>
      this.messages.find((message) => message.author.id === author.id && message.clientId === id)
    const first = this.entries[(find(clientId)?.seq ?? 0) - 1]
    if (first) return { entry: first, isNew: false }
    if (after !== undefined && !find(after)) return 'out_of_order'
    const seq = this.head + 1
    const message: Message = {
      channel: this.channel,
      seq,
      ordinal: this.messages.length + 1,
      rev: seq,
      author,
      clientId,
      text,
      at: 1_700_000_000_000 + seq,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
    }
    return { entry: this.#add('message.created', message), isNew: true }
  }

  /** Adds an entry that gives the message at `seq` something else; undefined where there is none, or a tombstone. */
  change(seq: number, change: Partial<Message>): LogEntry | undefined {
    const before = this.#messageAt(seq)
    return before && this.#add('message.changed', { ...before, ...change, rev: this.head + 1 })
  }

  /** Adds the entry of its tombstone. */
  delete(seq: number): LogEntry | undefined {
    const before = this.#messageAt(seq)
    if (!before) return undefined
    const { channel, ordinal, author, clientId, at } = before
    const tombstone = { channel, seq, ordinal, rev: this.head + 1, author, clientId, text: '', at }
    return this.#add('message.deleted', { ...tombstone, deleted: true })
  }

  read(after: number, limit: number): { entries: LogEntry[]; epoch: string; head: number } {
    const now = new Map(this.messages.map((message) => [message.seq, message]))
    const entries = this.entries.slice(after, after + limit).map((entry): LogEntry => {
      const message = now.get(entry.data?.message?.seq)
      return message ? { ...entry, data: { message } } : entry
    })
    return { entries, epoch: this.epoch, head: this.head }
  }

  page(
    where: { before?: number | undefined; after?: number | undefined; around?: number | undefined },
    limit: number,
  ): HistoryPage {
    const all = this.messages
    const [first, last] = this.#bounds(all, where, limit)
    const { epoch, head } = this
    return {
      messages: all.slice(first, last),
      epoch,
      asOf: head,
      hasMoreBefore: first > 0,
      hasMoreAfter: last < all.length,
    }
  }

  #bounds(
    all: readonly Message[],
    { before, after, around }: Parameters<FakeLog['page']>[0],
    limit: number,
  ): [first: number, last: number] {
    const below = (seq: number): number => all.filter((message) => message.seq < seq).length
    if (after !== undefined) return [below(after + 1), Math.min(below(after + 1) + limit, all.length)]
    if (around === undefined) {
      const last = before === undefined ? all.length : below(before)
      return [Math.max(0, last - limit), last]
    }
    const first = Math.max(0, Math.min(below(around) - (limit >> 1), all.length - limit))
    return [first, Math.min(first + limit, all.length)]
  }

  #messageAt(seq: number): Message | undefined {
    return this.messages.find((message) => message.seq === seq && !message.deleted)
  }

  #add(type: LogEntry['type'], message: Message): LogEntry {
    const entry: LogEntry = { type, channel: this.channel, seq: this.head + 1, data: { message } }
    this.entries.push(entry)
    return entry
  }
}
