import type {
  LogWrite,
  MessageAppend,
  MessageEdit,
  MessagePlace,
  PinWrite,
  ReactionWrite,
  StoredMarker,
  WriteResult,
} from '@arclight/core/contracts'
import type { LogEntry, Message, Reaction } from '@arclight/core/protocol'
import { LIMITS } from '@arclight/core/protocol'
import { indexedWords, type SearchTerm, searchTerms } from '@arclight/core/text'

type Change = Exclude<LogWrite, MessageAppend>
/** What becomes of a message; undefined where it is as it should be; or why nothing does. */
type Decision = Message | undefined | 'not-author' | 'full'

/** A message with what is not shown of it. */
interface Kept {
  message: Message
  /** Users by emoji, both in the order in which they came. */
  readonly reactions: Map<string, string[]>
  /** The seq of its pin. */
  pin?: number | undefined
}

interface Log {
  head: number
  readonly kept: Map<number, Kept>
  readonly byClientId: Map<string, Kept>
  readonly entries: { readonly type: LogEntry['type']; readonly seq: number; readonly target: number }[]
}

/** The logs of a few channels as the contract has them, in the simplest way: what a store is compared with. */
export class LogModel {
  readonly #logs: ReadonlyMap<string, Log>
  /** In the order of storing. */
  readonly #all: Kept[] = []
  readonly #marks = new Map<string, number>()

  constructor(channels: readonly string[]) {
    const empty = (): Log => ({ head: 0, kept: new Map(), byClientId: new Map(), entries: [] })
    this.#logs = new Map(channels.map((channel) => [channel, empty()]))
  }

  append(write: LogWrite): WriteResult {
    const log = this.#logs.get(write.channel)
    if (!log) return { outcome: 'no-channel' }
    return write.write === 'message' ? this.#add(write, log) : this.#change(write, log)
  }

  head(channel: string): number {
    return this.#log(channel).head
  }

  entries(channel: string): LogEntry[] {
    const log = this.#log(channel)
    return log.entries.map(({ type, seq, target }) => {
      return { type, channel, seq, data: { message: (log.kept.get(target) as Kept).message } }
    })
  }

  /** Oldest first. */
  messages(channel: string): Message[] {
    return [...this.#log(channel).kept.values()].map(({ message }) => message)
  }

  pins(channel: string): Message[] {
    const pinned = [...this.#log(channel).kept.values()].filter(({ pin }) => pin !== undefined)
    return pinned.sort((one, other) => (other.pin ?? 0) - (one.pin ?? 0)).map(({ message }) => message)
  }

  reactors({ channel, seq }: MessagePlace, emoji: string): string[] {
    return this.#log(channel).kept.get(seq)?.reactions.get(emoji) ?? []
  }

  search(query: string, channels: readonly string[], author: string | undefined): Message[] {
    const isFound = ({ message }: Kept): boolean =>
      channels.includes(message.channel) &&
      (author === undefined || message.author.id === author) &&
      holds(message.text, query)
    return this.#all
      .filter(isFound)
      .map(({ message }) => message)
      .reverse()
  }

  mark(user: string, channel: string, wanted: number): StoredMarker & { moved: boolean } {
    const before = this.marker(user, channel).seq
    const seq = Math.max(before, Math.min(wanted, this.head(channel)))
    this.#marks.set(keyOf(user, channel), seq)
    return { ...this.marker(user, channel), moved: seq !== before }
  }

  marker(user: string, channel: string): StoredMarker {
    const seq = this.#marks.get(keyOf(user, channel)) ?? 0
    const messages = this.messages(channel)
    const ordinal = messages.filter((message) => message.seq <= seq).at(-1)?.ordinal ?? 0
    const mentions = messages.filter((message) => message.seq > seq && message.mentions?.includes(user)).length
    return { channel, seq, ordinal, mentions }
  }

  #log(channel: string): Log {
    const log = this.#logs.get(channel)
    if (!log) throw new Error(`expected a channel of the model, not ${channel}`)
    return log
  }

  #add({ channel, author, clientId, text, after, replyTo, mentions = [], at }: MessageAppend, log: Log): WriteResult {
    const repeated = log.byClientId.get(keyOf(author, clientId))
    if (repeated) return { outcome: 'repeated', message: repeated.message }
    if (after !== undefined && !log.byClientId.has(keyOf(author, after))) return { outcome: 'out-of-order' }
    if (replyTo !== undefined && !log.kept.has(replyTo)) return { outcome: 'no-message' }
    const seq = ++log.head
    const message: Message = {
      ...{
        channel,
        seq,
        ordinal: log.kept.size + 1,
        rev: seq,
        author: { id: author, name: author },
        clientId,
        text,
        at,
      },
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions.length === 0 ? {} : { mentions: [...mentions] }),
    }
    const kept: Kept = { message, reactions: new Map() }
    log.kept.set(seq, kept)
    log.byClientId.set(keyOf(author, clientId), kept)
    this.#all.push(kept)
    return this.#enter(log, 'message.created', kept)
  }

  #change(write: Change, log: Log): WriteResult {
    const kept = log.kept.get(write.seq)
    if (!kept || (kept.message.deleted && write.write !== 'deletion')) return { outcome: 'no-message' }
    const changed = this.#decide(write, kept, log)
    if (typeof changed === 'string') return { outcome: changed }
    if (!changed) return { outcome: 'repeated', message: kept.message }
    kept.message = { ...changed, rev: ++log.head }
    return this.#enter(log, write.write === 'deletion' ? 'message.deleted' : 'message.changed', kept)
  }

  #enter(log: Log, type: LogEntry['type'], { message }: Kept): WriteResult {
    const { channel } = message
    log.entries.push({ type, seq: log.head, target: message.seq })
    return { outcome: 'stored', entry: { type, channel, seq: log.head, data: { message } } }
  }

  #decide(write: Change, kept: Kept, log: Log): Decision {
    switch (write.write) {
      case 'edit':
        return edit(write, kept.message)
      case 'deletion':
        if (kept.message.author.id !== write.actor && !write.anyAuthor) return 'not-author'
        return kept.message.deleted ? undefined : erase(kept)
      case 'reaction':
        return react(write, kept)
      case 'pin':
        return pin(write, kept, log)
    }
  }
}

function edit({ actor, text, at, mentions: named = [] }: MessageEdit, message: Message): Decision {
  if (message.author.id !== actor) return 'not-author'
  const { mentions = [], ...rest } = message
  if (text === message.text && JSON.stringify(named) === JSON.stringify(mentions)) return undefined
  return { ...rest, text, editedAt: at, ...(named.length === 0 ? {} : { mentions: [...named] }) }
}

function erase(kept: Kept): Message {
  kept.reactions.clear()
  kept.pin = undefined
  const { mentions, editedAt, pinned, reactions, ...place } = kept.message
  return { ...place, text: '', deleted: true }
}

function react({ emoji, on, actor }: ReactionWrite, kept: Kept): Decision {
  const users = kept.reactions.get(emoji) ?? []
  if (users.includes(actor) === on) return undefined
  if (on && users.length === 0 && kept.reactions.size >= LIMITS.reactions) return 'full'
  const now = on ? [...users, actor] : users.filter((user) => user !== actor)
  if (now.length === 0) kept.reactions.delete(emoji)
  else kept.reactions.set(emoji, now)
  const shown = [...kept.reactions].map(([one, by]): Reaction => {
    return { emoji: one, count: by.length, users: by.slice(0, LIMITS.reactionUsers) }
  })
  const { reactions, ...rest } = kept.message
  return shown.length === 0 ? rest : { ...rest, reactions: shown }
}

function pin({ on }: PinWrite, kept: Kept, log: Log): Decision {
  if (on === (kept.pin !== undefined)) return undefined
  const { pinned, ...rest } = kept.message
  if (!on) {
    kept.pin = undefined
    return rest
  }
  if ([...log.kept.values()].filter((one) => one.pin !== undefined).length >= LIMITS.pins) return 'full'
  kept.pin = log.head + 1
  return { ...rest, pinned: true }
}

/** Whether a text holds all that a query holds; a query without a word is held by none. */
function holds(text: string, query: string): boolean {
  const words = indexedWords(text).split(' ')
  const terms = searchTerms(query)
  return terms.length > 0 && terms.every((term) => words.some((_, from) => standsAt(words, from, term)))
}

/** One character of a run begins a word of the index; the tokens of anything else stand next to each other. */
function standsAt(words: readonly string[], from: number, { kind, tokens }: SearchTerm): boolean {
  const [first = ''] = tokens
  if (kind === 'run' && [...first].length === 1) return words[from]?.startsWith(first) ?? false
  return tokens.every((token, at) => words[from + at] === token)
}

function keyOf(one: string, other: string): string {
  return JSON.stringify([one, other])
}
