/** Waits until something holds, looked at again at each `wake`. */
export class Condition {
  readonly #waiting = new Set<() => void>()

  /** Resolves when `holds` does; rejects with the signal's reason. */
  wait(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (holds()) return resolve()
      const abort = (): void => {
        this.#waiting.delete(look)
        reject(signal?.reason)
      }
      const look = (): void => {
        if (!holds()) return
        this.#waiting.delete(look)
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      this.#waiting.add(look)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  wake(): void {
    for (const look of [...this.#waiting]) look()
  }
}
