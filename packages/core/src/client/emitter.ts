import { EventEmitter } from 'eventemitter3'

/** Undoes an `on`. */
export type Unsubscribe = () => void

/** The listening half of an emitter: what handles show. */
export interface Listenable<Events extends object> {
  /** Calls `listener` for each event until the returned undo is called. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe
}

/**
 * A typed emitter. A listener that throws stops nobody: the others run, and its error surfaces as an uncaught one,
 * as with EventTarget. Listeners added or removed during an emit count from the next one on.
 */
export class Emitter<Events extends object> implements Listenable<Events> {
  readonly #inner = new EventEmitter()

  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const own = (event: Events[Name]): void => listener(event)
    this.#inner.on(name, own)
    return () => {
      this.#inner.off(name, own)
    }
  }

  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): void {
    for (const listener of this.#inner.listeners(name)) {
      try {
        listener(event)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  listenerCount(name: keyof Events & string): number {
    return this.#inner.listenerCount(name)
  }

  clear(): void {
    this.#inner.removeAllListeners()
  }
}
