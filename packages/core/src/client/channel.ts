import type { ChannelSummary, Cursor } from '../protocol/channel.ts'
import type { EventEnvelope } from '../protocol/envelope.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { LogEntry } from '../protocol/log.ts'
import type { HistoryPage, Message } from '../protocol/message.ts'
import { Sequencer } from '../state/sequencer.ts'
import type { Connection } from './connection.ts'
import { Emitter, type Listenable, type Unsubscribe } from './emitter.ts'
import type { Sender } from './sender.ts'

/** What a channel tells. */
export interface ChannelEvents {
  /** A message was stored: each once, in order, across reconnects. */
  message: Message
  /** The log is another one: forget what was shown and load the last page. */
  reset: { epoch: string; head: number }
  /** The channel is no longer there, or no longer for this user. */
  gone: { channel: string }
  /** Catching up failed and goes on at the next connection, or with the next entry. */
  stalled: unknown
}

type ChannelState =
  | { readonly name: 'apart' }
  /** `early` holds entries that overtook the join's reply. */
  | { readonly name: 'joining'; readonly joined: Promise<void>; readonly early: LogEntry[] }
  | Joined

interface Joined {
  readonly name: 'joined'
  readonly sequencer: Sequencer<LogEntry>
  /** The head at the join: up to it is history, above it is live. */
  readonly start: number
}

/** One channel: send to it, listen to it, page through its past. Costs nothing until it is used. */
export class Channel implements Listenable<ChannelEvents> {
  readonly id: string
  readonly #connection: Connection
  readonly #sender: Sender
  readonly #createId: () => string
  readonly #emitter = new Emitter<ChannelEvents>()
  #state: ChannelState = { name: 'apart' }
  #wanted = false
  #pulling = false

  constructor(id: string, parts: { connection: Connection; sender: Sender; createId: () => string }) {
    this.id = id
    this.#connection = parts.connection
    this.#sender = parts.sender
    this.#createId = parts.createId
  }

  /** Listens; a first listener for messages joins the channel by itself. */
  on<Name extends keyof ChannelEvents>(name: Name, listener: (event: ChannelEvents[Name]) => void): Unsubscribe {
    const undo = this.#emitter.on(name, listener)
    if (name === 'message' && !this.#wanted) void this.join().catch((error) => this.#emitter.emit('stalled', error))
    return undo
  }

  /** Starts live traffic, now and after every reconnect; resolves when it flows. */
  join(): Promise<void> {
    this.#wanted = true
    if (this.#state.name === 'joined') return Promise.resolve()
    if (this.#state.name === 'joining') return this.#state.joined
    return this.#start(undefined)
  }

  /** Ends live traffic. */
  async leave(): Promise<void> {
    this.#wanted = false
    if (this.#state.name === 'apart') return
    this.#state = { name: 'apart' }
    if (this.#connection.state.name === 'live') await this.#connection.request('channel.leave', { channel: this.id })
  }

  /** Resolves with the stored message; waits through reconnects for as long as `signal` allows. */
  send(text: string, options: { signal?: AbortSignal } = {}): Promise<Message> {
    return this.#sender.send({ channel: this.id, clientId: this.#createId(), text }, options.signal)
  }

  /**
   * Pages of messages, newest first; within a page oldest first. `before: 'live'` (the default) starts where the
   * live messages of this handle began, so that both together have no overlap and no hole.
   */
  async *history(
    options: { before?: number | 'live'; limit?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<HistoryPage, void, undefined> {
    const { limit, signal } = options
    let before = typeof options.before === 'number' ? options.before : await this.#liveStart()
    for (let more = true; more; ) {
      const where = before === undefined ? {} : { before }
      const page = await this.#connection.persist(
        'history.page',
        { channel: this.id, ...where, ...(limit === undefined ? {} : { limit }) },
        { signal },
      )
      yield page
      more = page.hasMoreBefore
      before = page.messages[0]?.seq ?? before
    }
  }

  /** Where this handle's live traffic stands; for the resume. */
  get cursor(): Cursor | undefined {
    return this.#state.name === 'joined' ? this.#state.sequencer.cursor : undefined
  }

  /** The connection is live. `resumed` is the server's answer where the cursor was declared. */
  wentLive(resumed: { epoch: string; head: number } | 'gone' | undefined): void {
    if (!this.#wanted) return
    if (resumed === 'gone') return this.#lose()
    if (this.#state.name === 'joining') return
    const known = this.#state.name === 'joined' ? this.#state : undefined
    if (known && resumed) return this.#resume(known.sequencer, resumed)
    void this.#start(known).catch((error) => this.#emitter.emit('stalled', error))
  }

  /** An entry of this channel's log came. */
  receive(event: EventEnvelope): void {
    const entry = event as LogEntry
    if (this.#state.name === 'joining') this.#state.early.push(entry)
    if (this.#state.name === 'joined') this.#advance(this.#state.sequencer, [entry])
  }

  /** The server held back entries from this slow connection. */
  lagging(head: number): void {
    if (this.#state.name !== 'joined') return
    const { sequencer } = this.#state
    this.#learn(sequencer, { epoch: sequencer.cursor.epoch, head })
  }

  async #liveStart(): Promise<number | undefined> {
    if (this.#state.name === 'joining') await this.#state.joined
    return this.#state.name === 'joined' ? this.#state.start + 1 : undefined
  }

  /** Joins on this connection; `known` is where an earlier one stood. */
  #start(known: Joined | undefined): Promise<void> {
    const early: LogEntry[] = []
    const joined = this.#join(early, known)
    this.#state = { name: 'joining', joined, early }
    return joined
  }

  async #join(early: LogEntry[], known: Joined | undefined): Promise<void> {
    const waits = (): boolean => this.#state.name === 'joining' && this.#state.early === early
    const take = ({ channel }: { channel: ChannelSummary }): void => {
      if (!waits()) return
      const { epoch, head } = channel
      const { sequencer, start } = known ?? { sequencer: new Sequencer<LogEntry>({ epoch, seq: head }), start: head }
      this.#state = { name: 'joined', sequencer, start }
      this.#resume(sequencer, { epoch, head })
      this.#advance(sequencer, early)
    }
    try {
      await this.#connection.persist('channel.join', { channel: this.id }, { take })
    } catch (error) {
      if (waits()) this.#state = known ?? { name: 'apart' }
      throw error
    }
  }

  #lose(): void {
    this.#state = { name: 'apart' }
    this.#wanted = false
    this.#emitter.emit('gone', { channel: this.id })
  }

  /** A connection starts from this head. */
  #resume(sequencer: Sequencer<LogEntry>, head: { epoch: string; head: number }): void {
    if (!sequencer.resume(head)) this.#reset(sequencer, head)
    void this.#pull(sequencer)
  }

  #learn(sequencer: Sequencer<LogEntry>, head: { epoch: string; head: number }): void {
    if (!sequencer.learn(head)) this.#reset(sequencer, head)
    void this.#pull(sequencer)
  }

  #reset(sequencer: Sequencer<LogEntry>, { epoch, head }: { epoch: string; head: number }): void {
    sequencer.reset({ epoch, seq: head })
    this.#state = { name: 'joined', sequencer, start: head }
    this.#emitter.emit('reset', { epoch, head })
  }

  #advance(sequencer: Sequencer<LogEntry>, entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      for (const ready of sequencer.push(entry)) {
        if (ready.type === 'message.created') this.#emitter.emit('message', ready.data.message)
      }
    }
    if (sequencer.behind) void this.#pull(sequencer)
  }

  /** Reads the log after the cursor until nothing is missing. One pull at a time. */
  async #pull(sequencer: Sequencer<LogEntry>): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    try {
      while (sequencer.behind && this.#state.name === 'joined' && this.#state.sequencer === sequencer) {
        const after = sequencer.cursor.seq
        const page = await this.#connection.persist('log.read', { channel: this.id, after, limit: LIMITS.page })
        if (!sequencer.learn(page)) this.#reset(sequencer, page)
        else {
          this.#advance(sequencer, page.entries as LogEntry[])
          if (sequencer.cursor.seq === after) throw new Error(`the log of ${this.id} has nothing after ${after}`)
        }
      }
    } catch (error) {
      this.#emitter.emit('stalled', error)
    } finally {
      this.#pulling = false
    }
  }
}
