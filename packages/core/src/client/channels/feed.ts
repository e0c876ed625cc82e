import type { ChannelSummary } from '../../protocol/channel.ts'
import type { LogEntry } from '../../protocol/log.ts'
import type { Message } from '../../protocol/message.ts'
import type { UserSummary } from '../../protocol/user.ts'
import { Revisions } from '../../state/revisions.ts'
import type { UnreadCount } from '../../state/unread.ts'
import type { Clock } from '../../time/clock.ts'
import type { Connection } from '../connection.ts'
import { Emitter } from '../emitter.ts'
import type { Sender } from '../sender.ts'
import { History } from './history.ts'
import { LiveLog, type LogHead } from './live-log.ts'
import { Reader } from './reader.ts'
import { Typist } from './typist.ts'

/** What a channel tells. */
export interface ChannelEvents {
  /**
   * A message was stored: each once, in order, across reconnects. It comes as it is when it is told: what was changed
   * meanwhile in its newest form, what was deleted meanwhile as a tombstone.
   */
  message: Message
  /** A message was edited, or its reactions or its pin are others: the whole message, never older than what was told. */
  changed: Message
  /** A message was deleted: its tombstone. */
  deleted: Message
  /** Everybody else who types, the earliest first; empty when nobody does. */
  typing: readonly UserSummary[]
  /** What is left to read has changed, or is known for the first time. */
  unread: UnreadCount
  /** The log is another one: forget what was shown and load the last page. */
  reset: LogHead
  /** The channel is no longer there, or no longer for this user. Where it comes back, `join()` starts it again. */
  gone: { channel: string }
  /** Catching up failed and goes on at the next connection, or with the next entry. */
  stalled: unknown
}

/** What a channel needs of the client around it. */
export interface ChannelParts {
  readonly connection: Connection
  readonly sender: Sender
  readonly createId: () => string
  readonly clock: Clock
  /** Who is signed in. */
  readonly user: () => string | undefined
  readonly summary: (channel: string) => ChannelSummary | undefined
  /** Reads the list of channels anew: what each has unread is in it. */
  readonly refresh: () => void
}

/** What comes of one channel, and what its handle gives out of it: never the same twice, never something older. */
export class ChannelFeed {
  readonly events = new Emitter<ChannelEvents>()
  readonly log: LiveLog
  readonly history: History
  readonly reader: Reader
  readonly typist: Typist
  readonly #parts: ChannelParts
  readonly #revisions = new Revisions()
  #typing: readonly UserSummary[] = []
  /** The newest seq that was given out. */
  #newest = 0

  constructor(channel: string, parts: ChannelParts) {
    const { connection, clock, user } = parts
    this.#parts = parts
    this.log = new LiveLog(channel, connection, {
      entry: (entry) => this.#entry(entry),
      reset: (log) => this.#reset(log),
      gone: () => this.#gone(channel),
      stalled: (error) => this.events.emit('stalled', error),
    })
    this.history = new History({
      channel,
      connection,
      log: this.log,
      gave: (messages) => this.gave(messages),
      replaced: (log) => (this.log.cursor ? this.log.learn(log) : this.#reset(log)),
    })
    const changed = (count: UnreadCount): void => this.events.emit('unread', count)
    this.reader = new Reader({ channel, connection, user, changed })
    this.typist = new Typist(channel, connection, clock)
  }

  /** The newest seq that was given out; 0 for none. */
  get newest(): number {
    return this.#newest
  }

  /** Whether somebody is to be told what is unread. */
  get countsUnread(): boolean {
    return this.events.listenerCount('unread') > 0
  }

  /** These messages are given out by something else than the live log. */
  gave(messages: readonly Message[]): void {
    const { cursor } = this.log
    if (cursor) for (const message of messages) this.#revisions.gave(message, cursor.seq)
    this.#newest = Math.max(this.#newest, messages.at(-1)?.seq ?? 0)
  }

  /** Ends live traffic. */
  leave(): Promise<void> {
    this.#void()
    return this.log.leave()
  }

  /** These users type. */
  typed(users: readonly UserSummary[]): void {
    const others = users.filter(({ id }) => id !== this.#parts.user())
    const [before, now] = [this.#typing, others].map((some) => some.map(({ id }) => id).join())
    this.#typing = others
    if (before !== now) this.events.emit('typing', others)
  }

  /** The connection is gone, and with it what it was told of who types. */
  suspend(): void {
    this.log.suspend()
    this.typist.ended()
    this.typed([])
  }

  /** Another user is signed in. */
  forget(): void {
    this.reader.clear()
    this.#newest = 0
  }

  #entry(entry: LogEntry): void {
    // A type that this version does not know has its place, and says nothing.
    if (!TOLD.has(entry.type)) return
    const { message } = entry.data
    const isNews = this.#revisions.take(entry.seq, message)
    this.#newest = entry.seq
    const isNew = entry.type === 'message.created'
    if (!isNew && !isNews) return
    this.history.told(message)
    this.events.emit(isNew ? 'message' : message.deleted ? 'deleted' : 'changed', message)
    this.reader.came(message)
  }

  #reset(log: LogHead): void {
    this.#void()
    this.forget()
    this.events.emit('reset', log)
    if (this.countsUnread) this.#parts.refresh()
  }

  #gone(channel: string): void {
    this.#void()
    this.forget()
    this.suspend()
    this.events.emit('gone', { channel })
  }

  /** What was given out is of a log that may be another one by now. */
  #void(): void {
    this.#revisions.clear()
    this.history.reset()
  }
}

const TOLD: ReadonlySet<string> = new Set<LogEntry['type']>(['message.created', 'message.changed', 'message.deleted'])
