import type { Clock, Milliseconds } from '@arclight/core'
import type { LogRepository, StoredWebhook } from '@arclight/core/contracts'
import { LIMITS, type LogEntry } from '@arclight/core/protocol'
import type { Logger } from '../log.ts'

/** Entries read at a time. */
const PAGE = 50
/** Waits after failures: doubled each time. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 3_600_000

/** How far a receiver is. */
export interface Progress {
  readonly cursor: { readonly epoch: string; readonly seq: number }
  readonly failingSince: Milliseconds | undefined
}

/** What a delivery works with. */
export interface DeliveryParts {
  /** An `out` webhook. */
  readonly webhook: StoredWebhook & { readonly cursor: Progress['cursor'] }
  readonly log: Pick<LogRepository, 'read'>
  /** Posts one entry; `id` is the same for each attempt. Rejects where the receiver does not take it. */
  readonly post: (entry: { readonly id: string; readonly body: Uint8Array }, signal: AbortSignal) => Promise<void>
  /** Stores how far the receiver is. */
  readonly keep: (progress: Progress) => Promise<void>
  readonly clock: Clock
  readonly logger: Logger
}

type DeliveryState =
  | { readonly name: 'idle' }
  | { readonly name: 'running'; readonly run: Promise<void> }
  | { readonly name: 'waiting'; readonly until: Milliseconds }
  | { readonly name: 'closed' }

/**
 * Posts a channel's entries to one receiver: in their order, one at a time, each until it is taken. The channel's log is
 * the queue, so that nothing waits in memory and a restart loses nothing.
 */
export class Delivery {
  readonly #parts: DeliveryParts
  #state: DeliveryState = { name: 'idle' }
  #progress: Progress
  #failures = 0
  /** Whether the log may have more than was read. */
  #behind = true
  #attempt: { readonly abort: AbortController; readonly deadline: Milliseconds } | undefined

  constructor(parts: DeliveryParts) {
    const { cursor, failingSince } = parts.webhook
    this.#parts = parts
    this.#progress = { cursor, failingSince }
  }

  /** Since when the receiver has taken nothing, wall time; undefined while it does. */
  get failingSince(): Milliseconds | undefined {
    return this.#progress.failingSince
  }

  /** The channel's log has another entry, or may have. */
  wake(): void {
    this.#behind = true
    if (this.#state.name === 'idle') this.#run()
  }

  /** Called ten times a second: an attempt that takes too long ends, and a wait that is over. */
  tick(now: Milliseconds): void {
    if (this.#attempt && now >= this.#attempt.deadline) this.#attempt.abort.abort(new Error('no answer in time'))
    if (this.#state.name === 'waiting' && now >= this.#state.until) this.#run()
  }

  /** Resolves when nothing is under way any more; what was not taken is posted after the next start. */
  async close(): Promise<void> {
    const { run } = this.#state.name === 'running' ? this.#state : { run: undefined }
    this.#state = { name: 'closed' }
    this.#attempt?.abort.abort(new Error('the delivery is closed'))
    await run
  }

  get #closed(): boolean {
    return this.#state.name === 'closed'
  }

  #run(): void {
    this.#state = { name: 'running', run: this.#deliver() }
  }

  async #deliver(): Promise<void> {
    try {
      while (this.#behind && !this.#closed) {
        this.#behind = false
        await this.#deliverPage()
      }
      if (!this.#closed) this.#state = { name: 'idle' }
    } catch (error) {
      if (this.#closed) return
      this.#behind = true
      const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS)
      const { webhook, logger, clock } = this.#parts
      logger.warn({ webhook: webhook.id, error, wait }, 'a webhook was not delivered')
      this.#state = { name: 'waiting', until: clock.now() + wait }
      await this.#failed().catch((failure: unknown) => {
        logger.error({ webhook: webhook.id, error: failure }, 'how far a webhook is could not be stored')
      })
    }
  }

  async #deliverPage(): Promise<void> {
    const { webhook, log, keep } = this.#parts
    const { cursor } = this.#progress
    const page = await log.read(webhook.channel, cursor.seq, PAGE)
    if (!page) return
    if (page.epoch !== cursor.epoch) {
      // A log that was put back from a copy: what it has is what the receiver has had of it.
      this.#progress = { ...this.#progress, cursor: { epoch: page.epoch, seq: Math.min(cursor.seq, page.head) } }
      this.#behind = true
      return
    }
    for (const entry of page.entries) {
      if (this.#closed) return
      await this.#attemptOne(entry, page.epoch)
      this.#failures = 0
      this.#progress = { cursor: { epoch: page.epoch, seq: entry.seq }, failingSince: undefined }
      await keep(this.#progress)
    }
    if (page.entries.length === PAGE) this.#behind = true
  }

  async #attemptOne(entry: LogEntry, epoch: string): Promise<void> {
    const { webhook, clock, post } = this.#parts
    const abort = new AbortController()
    this.#attempt = { abort, deadline: clock.now() + LIMITS.webhookMs }
    try {
      const id = `${webhook.id}_${epoch}_${entry.seq}`
      await post({ id, body: Buffer.from(JSON.stringify(entry)) }, abort.signal)
    } finally {
      this.#attempt = undefined
    }
  }

  async #failed(): Promise<void> {
    if (this.#progress.failingSince !== undefined) return
    this.#progress = { ...this.#progress, failingSince: this.#parts.clock.wall() }
    await this.#parts.keep(this.#progress)
  }
}
