import { Worker } from 'node:worker_threads'

/**
 * Calls `send` with the index of each time, in rising order, when that time of `now` has come, whatever the caller is
 * behind with.
 * @param {readonly number[]} times @param {(index: number) => void} send
 */
export function keepPace(times, send) {
  let next = 0
  const pacer = new Worker(new URL('./pacer.mjs', import.meta.url), { workerData: Float64Array.from(times) })
  pacer.on('message', (/** @type {number} */ due) => {
    while (next < due) send(next++)
  })
  return { stop: () => pacer.terminate() }
}
