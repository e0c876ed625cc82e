import { CaseFailure } from '../check.ts'

interface Waiter<Item> {
  readonly fits: (item: Item) => boolean
  readonly resolve: (item: Item) => void
  readonly reject: (error: Error) => void
}

/** Items as they arrive; each is taken at most once, and whoever comes early waits, up to a deadline. */
export class Inbox<Item> {
  /** Everything that ever came, oldest first. */
  readonly all: Item[] = []
  readonly #left: Item[] = []
  readonly #waiters = new Set<Waiter<Item>>()
  #over: string | undefined

  push(item: Item): void {
    this.all.push(item)
    for (const waiter of this.#waiters) {
      if (!waiter.fits(item)) continue
      this.#waiters.delete(waiter)
      return waiter.resolve(item)
    }
    this.#left.push(item)
  }

  /** No more will come: whoever waits is told why. */
  end(why: string): void {
    this.#over = why
    for (const waiter of this.#waiters) waiter.reject(new Error(why))
    this.#waiters.clear()
  }

  /** The oldest item that fits and was not taken. Fails where none comes in time, or none can come any more. */
  async take(what: string, withinMs: number, fits: (item: Item) => boolean = () => true): Promise<Item> {
    const at = this.#left.findIndex(fits)
    if (at !== -1) return this.#left.splice(at, 1)[0] as Item
    if (this.#over !== undefined) throw new CaseFailure(`expected ${what}; ${this.#over}`)
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        const waiter = { fits, resolve, reject }
        this.#waiters.add(waiter)
        timer = setTimeout(() => {
          this.#waiters.delete(waiter)
          reject(new Error(`nothing of it came within ${withinMs} ms`))
        }, withinMs)
      })
    } catch (error) {
      throw new CaseFailure(`expected ${what}; ${(error as Error).message}`)
    } finally {
      clearTimeout(timer)
    }
  }

  /** What came, fits and was not taken; taken with this. */
  takeAll(fits: (item: Item) => boolean = () => true): Item[] {
    const taken = this.#left.filter(fits)
    const rest = this.#left.filter((item) => !fits(item))
    this.#left.splice(0, this.#left.length, ...rest)
    return taken
  }
}
