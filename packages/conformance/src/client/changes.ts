/** Waits that are looked at again whenever something happened, and that all end when their case does. */
export class Changes {
  readonly #waiting = new Set<{
    readonly look: () => void
    readonly fail: (error: Error) => void
    readonly what: string
  }>()
  #ended: Error | undefined

  /** Resolves with what `look` finds, as soon as it finds something; `what` says what was waited for in vain. */
  until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
    const found = new Promise<Found>((resolve, reject) => {
      if (this.#ended) return reject(this.#ended)
      const one = {
        what,
        fail: reject,
        look: () => {
          const seen = look()
          if (seen === undefined || seen === false) return
          this.#waiting.delete(one)
          resolve(seen)
        },
      }
      this.#waiting.add(one)
      one.look()
    })
    // A case that has failed elsewhere waits for it no more.
    found.catch(() => {})
    return found
  }

  /** Something happened. */
  happened(): void {
    for (const { look } of [...this.#waiting]) look()
  }

  /** What still waits is rejected, with what it waited for; later waits too. */
  end(why: string): void {
    this.#ended = new Error(why)
    for (const { fail, what } of this.#waiting) fail(new Error(`${why}: ${what}`))
    this.#waiting.clear()
  }
}
