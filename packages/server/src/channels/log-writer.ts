import type { Message } from '@arclight/core'
import type { AppendResult, LogRepository, MessageAppend } from '@arclight/core/contracts'
import { Refusal } from '../refusal.ts'

/** Messages in one transaction, at most. */
const MOST_BATCH = 500
/** Messages that wait for their transaction: past it the server is overloaded and says so. */
const MOST_WAITING = 20_000

interface Waiting {
  readonly append: MessageAppend
  readonly resolve: (message: Message) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit without a timer: while one transaction is in flight the next batch collects, and leaves when it
 * returns. `stored` is called for each new message in the order of its channel's log, before its sender is answered.
 */
export class LogWriter {
  readonly #log: LogRepository
  readonly #stored: (message: Message) => void
  #waiting: Waiting[] = []
  #inFlight = false

  constructor(log: LogRepository, stored: (message: Message) => void) {
    this.#log = log
    this.#stored = stored
  }

  /** Resolves when the message is durable; a repeat resolves with what was stored first. */
  append(append: MessageAppend): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MOST_WAITING) {
        return reject(new Refusal('unavailable', 'too many messages wait to be stored', { retryAfterMs: 1_000 }))
      }
      this.#waiting.push({ append, resolve, reject })
      if (!this.#inFlight) void this.#commit()
    })
  }

  async #commit(): Promise<void> {
    this.#inFlight = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_BATCH)
      try {
        const results = await this.#log.append(batch.map(({ append }) => append))
        for (const [index, waiting] of batch.entries()) this.#answer(waiting, results[index])
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#inFlight = false
  }

  #answer({ resolve, reject }: Waiting, result: AppendResult | undefined): void {
    if (!result) return reject(new Error('expected a result for each append'))
    if (result.outcome === 'no-channel') return reject(Refusal.notFound('channel'))
    if (result.outcome === 'out-of-order') {
      return reject(new Refusal('out_of_order', 'the message that has to be stored before this one is not'))
    }
    if (result.outcome === 'stored') this.#stored(result.message)
    resolve(result.message)
  }
}
