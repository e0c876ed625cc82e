import { RequestError } from '../errors/request-error.ts'
import type { ReplyEnvelope } from '../protocol/envelope.ts'
import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'

interface Pending {
  readonly type: string
  readonly resolve: (data: unknown) => void
  readonly reject: (error: unknown) => void
  readonly release: Cancel
}

/** The requests of one connection that wait for their reply. Each ends exactly once. */
export class PendingRequests {
  readonly #clock: Clock
  readonly #pending = new Map<number, Pending>()
  #nextId = 1

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#pending.size
  }

  /**
   * Takes an id for a request that is about to be sent. `reply` resolves with the reply's data; it rejects with
   * RequestError `failed` or, past `deadline`, `unknown`, or with the signal's reason, after which a reply is ignored.
   */
  open(
    type: string,
    options: {
      deadline: Milliseconds
      signal?: AbortSignal | undefined
      /** Called with the reply's data at once, so before anything that came after the reply is read. */
      take?: ((data: unknown) => void) | undefined
    },
  ): { id: number; reply: Promise<unknown> } {
    const id = this.#nextId++
    const { deadline, signal, take } = options
    const reply = new Promise<unknown>((resolve, reject) => {
      const give = (error: unknown): void => this.#take(id)?.reject(error)
      const cancelDeadline = this.#clock.after(deadline, () =>
        give(RequestError.unknown(type, `the deadline of ${deadline} ms passed`)),
      )
      const abort = (): void => give(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      const release = (): void => {
        cancelDeadline()
        signal?.removeEventListener('abort', abort)
      }
      const accept = (data: unknown): void => {
        try {
          take?.(data)
          resolve(data)
        } catch (error) {
          reject(error)
        }
      }
      this.#pending.set(id, { type, resolve: accept, reject, release })
    })
    return { id, reply }
  }

  /** Ends the request that `reply` answers and returns its type; undefined where none waits. */
  settle(reply: ReplyEnvelope): string | undefined {
    const pending = this.#take(reply.re)
    if (!pending) return undefined
    if ('error' in reply) pending.reject(RequestError.failed(pending.type, reply.error))
    else pending.resolve(reply.data)
    return pending.type
  }

  /** What the request with this id asked for. */
  typeOf(id: number): string | undefined {
    return this.#pending.get(id)?.type
  }

  /** The connection is gone: what was sent and not answered has an unknown outcome. */
  abandon(why: string): void {
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#take(id)
      pending?.reject(RequestError.unknown(pending.type, why))
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (!pending) return undefined
    this.#pending.delete(id)
    pending.release()
    return pending
  }
}
