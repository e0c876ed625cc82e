import type { Cursor } from '../../protocol/channel.ts'
import type { EventEnvelope } from '../../protocol/envelope.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { LogEntry } from '../../protocol/log.ts'
import { Sequencer } from '../../state/sequencer.ts'
import type { Connection } from '../connection.ts'
import { insist } from '../insist.ts'

/** How far a log goes, and which log it is. */
export interface LogHead {
  readonly epoch: string
  readonly head: number
}

/** What a live log tells its channel. */
export interface LiveLogEvents {
  /** Each entry once, in order, of types that this version does not know too. */
  entry(entry: LogEntry): void
  reset(log: LogHead): void
  gone(): void
  stalled(error: unknown): void
}

/** `early` holds entries that overtook the reply which says where the log stands, of the join or of the resume. */
type LogState =
  | { readonly name: 'apart' }
  /** The server does not have the channel, or not for this user. */
  | { readonly name: 'gone' }
  | { readonly name: 'joining'; readonly joined: Promise<void>; readonly early: LogEntry[] }
  | Joined

interface Joined {
  readonly name: 'joined'
  readonly sequencer: Sequencer<LogEntry>
  /** The head at the join: up to it is history, above it is live. */
  readonly start: number
  readonly early: LogEntry[]
}

/** The live traffic of one channel: joins it, puts its entries in order, and reads what is missing. */
export class LiveLog {
  readonly #channel: string
  readonly #connection: Connection
  readonly #events: LiveLogEvents
  #state: LogState = { name: 'apart' }
  #wanted = false
  #pulling = false

  constructor(channel: string, connection: Connection, events: LiveLogEvents) {
    this.#channel = channel
    this.#connection = connection
    this.#events = events
  }

  /** Whether it is joined, or is to be. */
  get wanted(): boolean {
    return this.#wanted
  }

  /** The last entry that came out, while the channel is joined. */
  get cursor(): Cursor | undefined {
    return this.#state.name === 'joined' ? this.#state.sequencer.cursor : undefined
  }

  /** Where live began, once a join that is under way has its reply; undefined where there is none. */
  async begun(): Promise<Cursor | undefined> {
    if (this.#state.name === 'joining') await this.#state.joined
    if (this.#state.name !== 'joined') return undefined
    const { sequencer, start } = this.#state
    return { epoch: sequencer.cursor.epoch, seq: start }
  }

  join(): Promise<void> {
    this.#wanted = true
    if (this.#state.name === 'joined') return Promise.resolve()
    if (this.#state.name === 'joining') return this.#state.joined
    return this.#start(undefined)
  }

  async leave(): Promise<void> {
    this.#wanted = false
    const { name } = this.#state
    if (name === 'apart' || name === 'gone') return
    this.#state = { name: 'apart' }
    const channel = this.#channel
    if (this.#connection.state.name === 'live') await this.#connection.request('channel.leave', { channel })
  }

  /** The connection is live. `resumed` is the server's answer where the cursor was declared. */
  wentLive(resumed: LogHead | 'gone' | undefined): void {
    if (!this.#wanted) return
    if (resumed === 'gone') return this.lose()
    // The join is asked again on this connection.
    if (this.#state.name === 'joining') return
    const known = this.#state.name === 'joined' ? this.#state : undefined
    if (known && resumed) return this.#resume(known.sequencer, resumed, known.early.splice(0))
    void this.#start(known).catch((error) => this.#events.stalled(error))
  }

  /** Another connection begins: what came early on the one before is read again. */
  suspend(): void {
    if ('early' in this.#state) this.#state.early.length = 0
  }

  /** An entry came. */
  receive(event: EventEnvelope): void {
    const entry = event as LogEntry
    const state = this.#state
    if (state.name !== 'joining' && state.name !== 'joined') return
    const isEarly = state.name === 'joining' || this.#connection.state.name === 'greeted'
    if (isEarly) state.early.push(entry)
    else this.#advance(state.sequencer, [entry])
  }

  /** The server held back entries from this slow connection. */
  lagging(head: number): void {
    if (this.#state.name === 'joined') this.learn({ epoch: this.#state.sequencer.cursor.epoch, head })
  }

  /** Something that was read says how far the log goes, and which log it is. */
  learn(head: LogHead): void {
    if (this.#state.name !== 'joined') return
    const { sequencer } = this.#state
    if (!sequencer.learn(head)) this.#reset(sequencer, head)
    void this.#pull(sequencer)
  }

  /** The channel is gone; told once. */
  lose(): void {
    this.#wanted = false
    if (this.#state.name === 'gone') return
    this.#state = { name: 'gone' }
    this.#events.gone()
  }

  /** A channel that was gone is there again, not joined. */
  back(): void {
    if (this.#state.name === 'gone') this.#state = { name: 'apart' }
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
    const take = ({ channel: { epoch, head } }: { channel: LogHead }): void => {
      if (!waits()) return
      const { sequencer, start } = known ?? { sequencer: new Sequencer<LogEntry>({ epoch, seq: head }), start: head }
      this.#state = { name: 'joined', sequencer, start, early: [] }
      this.#resume(sequencer, { epoch, head }, early)
    }
    try {
      await insist(this.#connection, 'channel.join', { channel: this.#channel }, { take })
    } catch (error) {
      if (waits()) this.#state = known ?? { name: 'apart' }
      throw error
    }
  }

  /** A connection starts from this head. */
  #resume(sequencer: Sequencer<LogEntry>, head: LogHead, early: readonly LogEntry[]): void {
    if (!sequencer.resume(head)) this.#reset(sequencer, head)
    void this.#pull(sequencer)
    this.#advance(sequencer, early)
  }

  #reset(sequencer: Sequencer<LogEntry>, { epoch, head }: LogHead): void {
    sequencer.reset({ epoch, seq: head })
    this.#state = { name: 'joined', sequencer, start: head, early: [] }
    this.#events.reset({ epoch, head })
  }

  #advance(sequencer: Sequencer<LogEntry>, entries: readonly LogEntry[]): void {
    for (const entry of entries) for (const ready of sequencer.push(entry)) this.#events.entry(ready)
    if (sequencer.behind) void this.#pull(sequencer)
  }

  /** Reads the log after the cursor until nothing is missing. One pull at a time. */
  async #pull(sequencer: Sequencer<LogEntry>): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    try {
      while (sequencer.behind && this.#state.name === 'joined' && this.#state.sequencer === sequencer) {
        const after = sequencer.cursor.seq
        const page = await this.#connection.persist('log.read', { channel: this.#channel, after, limit: LIMITS.page })
        if (!sequencer.learn(page)) this.#reset(sequencer, page)
        else {
          this.#advance(sequencer, page.entries as LogEntry[])
          if (sequencer.cursor.seq === after) throw new Error(`the log of ${this.#channel} has nothing after ${after}`)
        }
      }
    } catch (error) {
      if (this.#state.name !== 'gone') this.#events.stalled(error)
    } finally {
      this.#pulling = false
    }
  }
}
