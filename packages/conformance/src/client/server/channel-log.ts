import type { LogEntry, Message } from '@arclight/core/protocol'

/** One channel's log, as a server keeps it. */
export class ChannelLog {
  readonly channel: string
  epoch = 'e1'
  entries: LogEntry[] = []

  constructor(channel: string) {
    this.channel = channel
  }

  get head(): number {
    return this.entries.length
  }

  get texts(): string[] {
    return this.entries.map(({ data }) => data.message.text)
  }

  /** What `after` names must be there; a repeat is the first one again. */
  append(
    given: Pick<Message, 'author' | 'clientId' | 'text'> & { after?: string | undefined },
  ): { readonly entry: LogEntry; readonly isNew: boolean } | 'out_of_order' {
    const { author, clientId, text, after } = given
    const known = this.#find(author.id, clientId)
    if (known) return { entry: known, isNew: false }
    if (after !== undefined && !this.#find(author.id, after)) return 'out_of_order'
    const seq = this.head + 1
    const { channel } = this
    const message = { channel, seq, ordinal: seq, rev: seq, author, clientId, text, at: 1_700_000_000_000 + seq }
    const entry: LogEntry = { type: 'message.created', channel, seq, data: { message } }
    this.entries.push(entry)
    return { entry, isNew: true }
  }

  #find(author: string, clientId: string): LogEntry | undefined {
    return this.entries.find(({ data }) => data.message.author.id === author && data.message.clientId === clientId)
  }
}
