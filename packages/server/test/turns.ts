/** Resolves when everything that this turn of the event loop caused has been written. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}
