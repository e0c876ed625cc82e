import type { Message } from '@arclight/core'
import type { LogRepository, LogWrite, WriteResult } from '@arclight/core/contracts'
import type { LogEntry } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'

/** Writes in one transaction, at most. */
const MOST_BATCH = 500
/** Writes that wait for their transaction: past it the server is overloaded and says so. */
const MOST_WAITING = 20_000

interface Waiting {
  readonly write: LogWrite
  readonly resolve: (message: Message) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit without a timer: while one transaction is in flight the next batch collects, and leaves when it
 * returns. `stored` is called for each new entry in the order of its channel's log, before its sender is answered.
 */
export class LogWriter {
  readonly #log: Pick<LogRepository, 'append'>
  readonly #stored: (entry: LogEntry) => void
  #waiting: Waiting[] = []
  #inFlight = false

  constructor(log: Pick<LogRepository, 'append'>, stored: (entry: LogEntry) => void) {
    this.#log = log
    this.#stored = stored
  }

  /**
   * Resolves with the message when it is durable; where nothing had to be stored, with the message as it is. Rejects
   * with Refusal.
   */
  append(write: LogWrite): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MOST_WAITING) {
        return reject(new Refusal('unavailable', 'too many messages wait to be stored', { retryAfterMs: 1_000 }))
      }
      this.#waiting.push({ write, resolve, reject })
      if (!this.#inFlight) void this.#commit()
    })
  }

  async #commit(): Promise<void> {
    this.#inFlight = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_BATCH)
      try {
        const results = await this.#log.append(batch.map(({ write }) => write))
        for (const [index, waiting] of batch.entries()) this.#answer(waiting, results[index])
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#inFlight = false
  }

  #answer({ resolve, reject }: Waiting, result: WriteResult | undefined): void {
    if (!result) return reject(new Error('expected a result for each write'))
    switch (result.outcome) {
      case 'stored':
        this.#stored(result.entry)
        return resolve(result.entry.data.message)
      case 'repeated':
        return resolve(result.message)
      default:
        return reject(refusalOf(result.outcome))
    }
  }
}

function refusalOf(outcome: Exclude<WriteResult['outcome'], 'stored' | 'repeated'>): Refusal {
  switch (outcome) {
    case 'no-channel':
      return Refusal.notFound('channel')
    case 'no-message':
      return Refusal.notFound('message')
    case 'no-file':
      return Refusal.notFound('file')
    case 'not-author':
      return new Refusal('forbidden', 'that message is somebody else’s')
    case 'full':
      return new Refusal('conflict', 'there is no room for another one')
    case 'out-of-order':
      return new Refusal('out_of_order', 'the message that has to be stored before this one is not')
  }
}
