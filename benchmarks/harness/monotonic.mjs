/** Milliseconds of CLOCK_MONOTONIC: unlike `performance.now`, the same in every process of the machine. */
export function now() {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Resolves at a time of {@link now}, or a little after.
 * @param {number} time
 * @returns {Promise<void>} */
export function until(time) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - now())))
}
