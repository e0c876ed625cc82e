/** A state is an object whose `name` says which fields it has. */
export interface NamedState {
  readonly name: string
}

type Listener<State> = (state: State, previous: State) => void

/** Holds one state; {@link StateMachine.transition} is the only way to change it. */
export class StateMachine<State extends NamedState> {
  #state: State
  readonly #listeners = new Set<Listener<State>>()

  constructor(initial: State) {
    this.#state = initial
  }

  get state(): State {
    return this.#state
  }

  transition(next: State): void {
    const previous = this.#state
    this.#state = next
    for (const listener of [...this.#listeners]) listener(next, previous)
  }

  /** Calls `listener` after each change; returns the undo. */
  watch(listener: Listener<State>): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Resolves with the state as soon as it is `name`, which may be now. Rejects with what `refuse` returns for a
   * state from which `name` cannot be reached, or with the signal's reason.
   */
  until<Name extends State['name']>(
    name: Name,
    options: { signal?: AbortSignal | undefined; refuse?: (state: State) => Error | undefined } = {},
  ): Promise<Extract<State, { name: Name }>> {
    const { signal, refuse } = options
    return new Promise((resolve, reject) => {
      const settle = (state: State): boolean => {
        const refusal = state.name === name ? undefined : refuse?.(state)
        if (state.name === name) resolve(state as Extract<State, { name: Name }>)
        else if (refusal) reject(refusal)
        else return false
        unwatch()
        signal?.removeEventListener('abort', abort)
        return true
      }
      const abort = (): void => {
        unwatch()
        reject(signal?.reason)
      }
      const unwatch = this.watch((state) => settle(state))
      if (signal?.aborted) abort()
      else if (!settle(this.#state)) signal?.addEventListener('abort', abort, { once: true })
    })
  }
}
