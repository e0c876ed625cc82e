/** Calls under way: what is closed waits for them, and takes no more. */
export class Calls {
  readonly #underWay = new Set<Promise<unknown>>()
  #closed = false

  /** The same object, whose every method counts as a call. */
  watch<Methods extends object>(methods: Methods): Methods {
    return new Proxy(methods, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...parameters: readonly unknown[]) => this.#run(() => Reflect.apply(method, target, parameters))
      },
    })
  }

  /** Resolves when none is under way; from here on each is refused. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underWay)
  }

  async #run(method: () => unknown): Promise<unknown> {
    if (this.#closed) throw new Error('storage is closed')
    const call = Promise.resolve(method())
    this.#underWay.add(call)
    try {
      return await call
    } finally {
      this.#underWay.delete(call)
    }
  }
}
