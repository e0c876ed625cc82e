import type { OutboxEntry, OutboxStore } from '../contracts/outbox-store.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Message } from '../protocol/message.ts'
import { backoff } from '../state/backoff.ts'
import { type Leaving, SendQueue } from '../state/send-queue.ts'
import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'
import type { Connection } from './connection.ts'
import { Emitter } from './emitter.ts'
import type { OutboxEvents, WaitingMessage } from './outbox/outbox.ts'
import { OutboxKeeper } from './outbox/outbox-keeper.ts'

/** What a sender needs of the client around it. */
export interface SenderParts {
  readonly clock: Clock
  readonly random: () => number
  readonly outbox?: OutboxStore | undefined
  readonly server: string
}

interface Waiting extends OutboxEntry {
  readonly resolve: (message: Message) => void
  readonly reject: (error: unknown) => void
  /** How often it has left. */
  tries: number
  kept: boolean
  /** How often the server refused it for now. */
  refusals: number
  cancelRetry?: Cancel
}

/** Of the 256 requests that may wait (MSG-8), those that messages may take. */
const MOST_UNDER_WAY = 128
const MOST_WAITING = 10_000
const MOST_TEXT = 8_388_608
const FIRST_RETRY_MS: Milliseconds = 500
const MOST_RETRY_MS: Milliseconds = 15_000

/**
 * Sends messages until the server has answered for each: through drops, restarts and reloads, in the order they were
 * given, and stored once, since a repeat carries the same client id.
 */
export class Sender {
  readonly events = new Emitter<OutboxEvents>()
  readonly #connection: Connection
  readonly #parts: SenderParts
  readonly #queue = new SendQueue<Waiting>()
  readonly #keeper: OutboxKeeper
  #text = 0
  /** Requests without a reply, of entries that were given up too. */
  #underWay = 0
  /** How many may be under way: one after a refusal, then more with each that is stored. */
  #window = MOST_UNDER_WAY
  #changing = false

  constructor(connection: Connection, parts: SenderParts) {
    this.#connection = connection
    this.#parts = parts
    this.#keeper = new OutboxKeeper({
      store: parts.outbox,
      server: parts.server,
      clock: parts.clock,
      ready: (adopted) => {
        for (const entry of this.#queue.entries()) this.#keeper.put(entryOf(entry))
        this.#adopt(adopted)
      },
      adopted: (entries) => this.#adopt(entries),
      kept: (clientId) => {
        const waiting = this.#queue.get(clientId)
        if (waiting) waiting.kept = true
        this.#changed()
      },
      failed: (why) => this.events.emit('fallback', { why }),
    })
  }

  /** Messages not yet answered for. */
  get size(): number {
    return this.#queue.size
  }

  get place(): 'store' | 'memory' {
    return this.#keeper.place
  }

  get entries(): WaitingMessage[] {
    return this.#queue.entries().map((entry) => {
      const { clientId, kept } = entry
      return { ...entryOf(entry), kept, state: this.#queue.progressOf(clientId) ?? 'waiting' }
    })
  }

  /** Resolves with the stored message. Aborting gives up waiting; a message that has left may still be stored. */
  send(message: Omit<OutboxEntry, 'at'>, signal?: AbortSignal): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (this.#queue.size >= MOST_WAITING || this.#text + message.text.length > MOST_TEXT) {
        return reject(RequestError.unsent('message.send', `the outbox is full: ${this.#queue.size} messages wait`))
      }
      const abort = (): void => {
        if (!this.#settle(message.clientId)) return
        reject(signal?.reason)
        this.flush()
      }
      signal?.addEventListener('abort', abort, { once: true })
      const release = (): void => signal?.removeEventListener('abort', abort)
      const entry = entryOf({ ...message, at: this.#parts.clock.wall() })
      this.#queue.add({
        ...fresh(entry),
        resolve: (stored) => {
          release()
          resolve(stored)
        },
        reject: (error) => {
          release()
          reject(error)
        },
      })
      this.#text += message.text.length
      this.#keeper.put(entry)
      this.#changed()
      this.flush()
    })
  }

  /** This account is signed in, or will be with its next connection: its messages wait here, and nobody else's. */
  serve(user: string): void {
    if (this.#keeper.user !== undefined && this.#keeper.user !== user) this.abandon(ConnectionError.signedOut())
    this.#keeper.open(user)
  }

  /** What is unanswered goes out, oldest first, some at a time. */
  flush(): void {
    const { state } = this.#connection
    if (state.name !== 'live' || !this.#keeper.ready || this.#keeper.user !== state.user.id) return
    for (const leaving of this.#queue.take(this.#window - this.#underWay)) void this.#dispatch(leaving)
  }

  /** Nobody is signed in any more: nothing that waits will be sent by this client. */
  abandon(error: ConnectionError): void {
    const stays = this.#keeper.place === 'store'
    for (const { clientId, tries, kept } of this.#queue.entries()) {
      const why = stays || kept ? RequestError.kept : tries > 0 ? RequestError.unknown : RequestError.unsent
      this.#release(clientId)?.reject(why('message.send', error.message, error))
    }
    this.#keeper.close()
  }

  /** Gives a message up; false where it is not there. */
  discard(clientId: string): boolean {
    const waiting = this.#settle(clientId)
    if (!waiting) return false
    const why = waiting.tries > 0 ? RequestError.unknown : RequestError.unsent
    waiting.reject(why('message.send', 'it was discarded'))
    this.flush()
    return true
  }

  #adopt(entries: readonly OutboxEntry[]): void {
    const taken = entries.filter(({ clientId }) => this.#queue.get(clientId) === undefined)
    this.#queue.adopt(taken.map((entry) => ({ ...fresh(entry), kept: true, resolve: () => {}, reject: () => {} })))
    for (const { text } of taken) this.#text += text.length
    this.#changed()
    this.flush()
  }

  async #dispatch({ entry, after }: Leaving<Waiting>): Promise<void> {
    const { channel, clientId, text, replyTo, mentions, attachments } = entry
    this.#underWay += 1
    entry.tries += 1
    const named = after === undefined ? undefined : this.#queue.get(after)
    const tries = named?.tries
    this.#changed()
    try {
      const data = {
        channel,
        clientId,
        text,
        replyTo,
        mentions: mentions && [...mentions],
        after,
        attachments: attachments && [...attachments],
      }
      const { message } = await this.#connection.ask('message.send', data)
      this.#window = Math.min(MOST_UNDER_WAY, this.#window + 1)
      this.#settle(clientId)?.resolve(message)
    } catch (error) {
      const freed = named !== undefined && !this.#isUnderWay(named, tries)
      if (this.#queue.get(clientId) === entry) this.#refused(entry, error, freed)
    } finally {
      this.#underWay -= 1
    }
    this.flush()
  }

  /** `freed`: the message that it named has had an answer, or left again ahead of it. */
  #refused(entry: Waiting, error: unknown, freed: boolean): void {
    const { clientId } = entry
    if (!(error instanceof RequestError)) return this.#settle(clientId)?.reject(error)
    if (!error.retryable) {
      this.#settle(clientId)?.reject(error)
      return this.events.emit('refused', { ...entryOf(entry), error })
    }
    const again = error.reason !== 'failed' || (error.code === 'out_of_order' && freed)
    if (again) this.#queue.put(clientId, 'waiting')
    else this.#retry(entry, error)
    this.#changed()
  }

  /** Whether it has had no answer since it left for that time. */
  #isUnderWay({ clientId, tries }: Waiting, atTry: number | undefined): boolean {
    return tries === atTry && this.#queue.progressOf(clientId) === 'under-way'
  }

  #retry(entry: Waiting, error: RequestError): void {
    const { clock, random } = this.#parts
    const { refusals } = entry
    entry.refusals += 1
    this.#window = 1
    this.#queue.put(entry.clientId, 'retrying')
    const wait = error.retryAfterMs ?? backoff(refusals, { first: FIRST_RETRY_MS, most: MOST_RETRY_MS, random })
    entry.cancelRetry = clock.after(wait, () => {
      this.#queue.put(entry.clientId, 'waiting')
      this.#changed()
      this.flush()
    })
  }

  /** Takes the entry out for good, of the store too. */
  #settle(clientId: string): Waiting | undefined {
    const waiting = this.#release(clientId)
    if (waiting) this.#keeper.remove(clientId)
    return waiting
  }

  #release(clientId: string): Waiting | undefined {
    const waiting = this.#queue.settle(clientId)
    if (!waiting) return undefined
    waiting.cancelRetry?.()
    this.#text -= waiting.text.length
    this.#changed()
    return waiting
  }

  #changed(): void {
    if (this.#changing) return
    this.#changing = true
    queueMicrotask(() => {
      this.#changing = false
      this.events.emit('changed', { size: this.size })
    })
  }
}

function fresh(entry: OutboxEntry): OutboxEntry & { tries: number; kept: boolean; refusals: number } {
  return { ...entry, tries: 0, kept: false, refusals: 0 }
}

function entryOf({ clientId, channel, text, replyTo, mentions, attachments, at }: OutboxEntry): OutboxEntry {
  const more = {
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(mentions === undefined ? {} : { mentions }),
    ...(attachments === undefined ? {} : { attachments }),
  }
  return { clientId, channel, text, ...more, at }
}
