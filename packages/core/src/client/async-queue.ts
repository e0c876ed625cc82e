/** Values pushed by one side and awaited in order by the other, one iteration at a time. */
export class AsyncQueue<Value> implements AsyncIterable<Value> {
  readonly #values: Value[] = []
  #wake: (() => void) | undefined
  #closed = false

  push(value: Value): void {
    this.#values.push(value)
    this.#wake?.()
  }

  /** What was pushed still comes out; then the iteration ends. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    for (;;) {
      while (this.#values.length > 0) yield this.#values.shift() as Value
      if (this.#closed) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
