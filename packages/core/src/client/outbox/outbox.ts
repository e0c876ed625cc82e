import type { OutboxEntry } from '../../contracts/outbox-store.ts'
import type { RequestError } from '../../errors/request-error.ts'
import type { Progress } from '../../state/send-queue.ts'
import type { Listenable, Unsubscribe } from '../emitter.ts'
import type { Sender } from '../sender.ts'

/** A message that the server has not answered for yet. */
export interface WaitingMessage extends OutboxEntry {
  /** `retrying`: the server refused it for now, and it waits for its next try. */
  readonly state: Progress
  /** Whether it would survive the client: the end of the page or of the process. */
  readonly kept: boolean
}

/** A message that the server refused for good: it is not in the outbox any more. */
export interface RefusedMessage extends OutboxEntry {
  readonly error: RequestError
}

/** What an outbox tells. */
export interface OutboxEvents {
  /** Something came, left or moved: read `entries`. Once for all that changes at one time. */
  changed: { readonly size: number }
  /** A message was refused for good; also of an earlier page, whose promise nobody holds any more. */
  refused: RefusedMessage
  /** The store failed with `why`: what is not `kept` waits in memory, for as long as the client lives. */
  fallback: { readonly why: unknown }
}

/**
 * Messages until the server has answered for each. With a store they outlive the client, under their account: after a
 * log-out too, for that account's next log-in, unless they are discarded. At most 10,000 messages or 8,388,608 UTF-16
 * code units wait; past it a send is refused as `unsent`.
 */
export class Outbox implements Listenable<OutboxEvents> {
  readonly #sender: Sender

  constructor(sender: Sender) {
    this.#sender = sender
  }

  /** What waits, oldest first: first what earlier clients have left, then this client's own. */
  get entries(): readonly WaitingMessage[] {
    return this.#sender.entries
  }

  /** How many wait. */
  get size(): number {
    return this.#sender.size
  }

  /** Where a message that is written now is kept: `memory` also until an account's store is open. */
  get place(): 'store' | 'memory' {
    return this.#sender.place
  }

  on<Name extends keyof OutboxEvents>(name: Name, listener: (event: OutboxEvents[Name]) => void): Unsubscribe {
    return this.#sender.events.on(name, listener)
  }

  /** Gives a message up, and says whether it was there. Its promise rejects; one that has left may still be stored. */
  discard(clientId: string): boolean {
    return this.#sender.discard(clientId)
  }
}
