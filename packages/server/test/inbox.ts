interface Waiter<Item> {
  readonly fits: (item: Item) => boolean
  readonly resolve: (item: Item) => void
  readonly reject: (error: Error) => void
}

/** Items as they arrive; each is taken at most once, and whoever comes early waits. */
export class Inbox<Item> {
  /** Everything that ever came, oldest first. */
  readonly all: Item[] = []
  readonly #left: Item[] = []
  readonly #waiters: Waiter<Item>[] = []
  #over: Error | undefined

  push(item: Item): void {
    this.all.push(item)
    const at = this.#waiters.findIndex(({ fits }) => fits(item))
    if (at === -1) this.#left.push(item)
    else for (const waiter of this.#waiters.splice(at, 1)) waiter.resolve(item)
  }

  /** No more will come: whoever waits is told why. */
  end(why: Error): void {
    this.#over = why
    for (const waiter of this.#waiters.splice(0)) waiter.reject(why)
  }

  /** Nobody waits any longer. */
  forget(): void {
    this.#waiters.splice(0)
  }

  /** The oldest item that fits and was not taken. */
  take(fits: (item: Item) => boolean = () => true): Promise<Item> {
    const at = this.#left.findIndex(fits)
    const [found] = at === -1 ? [] : this.#left.splice(at, 1)
    if (found !== undefined) return Promise.resolve(found)
    if (this.#over) return Promise.reject(this.#over)
    return new Promise((resolve, reject) => this.#waiters.push({ fits, resolve, reject }))
  }

  /** What came and was not taken; taken with this. */
  takeAll(): Item[] {
    return this.#left.splice(0)
  }
}
