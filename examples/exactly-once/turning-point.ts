/** Lets the story wait for what happens in it: whoever causes something says so, whoever waits looks again. */
export class TurningPoint {
  readonly #waiting = new Set<() => void>()

  /** Something happened. */
  readonly happened = (): void => {
    for (const look of [...this.#waiting]) look()
  }

  /** Resolves as soon as `come` is true; with false where nothing at all happens for `patienceMs` before that. */
  until(come: () => boolean, patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (value: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(value)
      }
      const look = (): void => {
        if (come()) return settle(true)
        timer.refresh()
      }
      const timer = setTimeout(() => settle(false), patienceMs)
      this.#waiting.add(look)
      look()
    })
  }
}
