import type { ConnectionError } from '../errors/connection-error.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Message } from '../protocol/message.ts'
import { Outbox } from '../state/outbox.ts'
import type { Connection } from './connection.ts'

interface Waiting {
  readonly channel: string
  readonly clientId: string
  readonly text: string
  readonly resolve: (message: Message) => void
  readonly reject: (error: unknown) => void
}

/** Of the 256 requests that may wait (MSG-8), those that messages may take. */
const MOST_UNDER_WAY = 128

/**
 * Sends messages until the server has answered for each: through drops and restarts, in the order they were given,
 * and stored once, since a repeat carries the same client id.
 */
export class Sender {
  readonly #connection: Connection
  readonly #outbox = new Outbox<Waiting>()
  readonly #underWay = new Set<string>()
  /** Those that have left at least once. */
  readonly #left = new Set<string>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Messages not yet answered for. */
  get size(): number {
    return this.#outbox.size
  }

  /** Resolves with the stored message. Aborting gives up waiting; a message that has left may still be stored. */
  send(message: { channel: string; clientId: string; text: string }, signal?: AbortSignal): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => {
        if (this.#settle(message.clientId)) reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      const release = (): void => signal?.removeEventListener('abort', abort)
      const waiting: Waiting = {
        ...message,
        resolve: (stored) => {
          release()
          resolve(stored)
        },
        reject: (error) => {
          release()
          reject(error)
        },
      }
      this.#outbox.add(waiting)
      if (this.#connection.state.name === 'live') this.flush()
    })
  }

  /** What is unanswered goes out, oldest first, some at a time. */
  flush(): void {
    for (const waiting of this.#outbox.entries()) {
      if (this.#underWay.size >= MOST_UNDER_WAY) return
      if (!this.#underWay.has(waiting.clientId)) void this.#dispatch(waiting)
    }
  }

  /** Nobody is signed in any more: nothing that waits will be sent. */
  abandon(error: ConnectionError): void {
    for (const { clientId } of this.#outbox.entries()) {
      const why = this.#left.has(clientId) ? RequestError.unknown : RequestError.unsent
      this.#settle(clientId)?.reject(why('message.send', error.message, error))
    }
  }

  async #dispatch(waiting: Waiting): Promise<void> {
    const { channel, clientId, text } = waiting
    this.#underWay.add(clientId)
    this.#left.add(clientId)
    try {
      const { message } = await this.#connection.persist('message.send', { channel, clientId, text })
      this.#settle(clientId)?.resolve(message)
    } catch (error) {
      const open = error instanceof RequestError && error.reason !== 'failed'
      if (!open) this.#settle(clientId)?.reject(error)
    } finally {
      this.#underWay.delete(clientId)
    }
    if (this.#connection.state.name === 'live') this.flush()
  }

  #settle(clientId: string): Waiting | undefined {
    this.#left.delete(clientId)
    return this.#outbox.settle(clientId)
  }
}
