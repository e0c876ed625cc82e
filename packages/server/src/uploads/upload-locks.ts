import type { Cancel, Clock, Milliseconds } from '@arclight/core'
import { Refusal } from '../refusal.ts'

/** How long a request waits for the one before it. */
const MOST_WAIT_MS: Milliseconds = 20_000

interface Held {
  readonly release: () => void
  readonly released: Promise<void>
  /** Asks the holder to come to an end. */
  readonly cancel: () => void
}

/**
 * One request at a time for each upload. A client that was cut off comes back on another connection: the one before, which still
 * waits for bytes, is asked to end. The shape is that of a `Locker` of @tus/utils.
 */
export class UploadLocks {
  readonly #clock: Clock
  readonly #held = new Map<string, Held>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  newLock(id: string): { lock(signal: AbortSignal, cancel: () => void): Promise<void>; unlock(): Promise<void> } {
    return {
      lock: (signal, cancel) => this.#lock(id, signal, cancel),
      unlock: async () => {
        const held = this.#held.get(id)
        this.#held.delete(id)
        held?.release()
      },
    }
  }

  async #lock(id: string, signal: AbortSignal, cancel: () => void): Promise<void> {
    const patience = this.#patience(signal)
    try {
      // Whoever is woken first takes it: the others wait again.
      for (let held = this.#held.get(id); held; held = this.#held.get(id)) {
        held.cancel()
        await Promise.race([held.released, patience.over])
      }
    } finally {
      patience.cancel()
    }
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#held.set(id, { release, released, cancel })
  }

  /** `over` rejects when it has taken too long, and when nobody waits any more. */
  #patience(signal: AbortSignal): { readonly over: Promise<never>; cancel(): void } {
    let cancel: Cancel = () => {}
    const over = new Promise<never>((_resolve, reject) => {
      const message = 'another request for this upload has not come to an end'
      const end = (): void => reject(new Refusal('unavailable', message, { retryAfterMs: 1_000 }))
      const stop = this.#clock.after(MOST_WAIT_MS, end)
      signal.addEventListener('abort', end, { once: true })
      cancel = () => {
        stop()
        signal.removeEventListener('abort', end)
      }
    })
    over.catch(() => {})
    return { over, cancel }
  }
}
