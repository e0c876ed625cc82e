/**
 * A thread that wakes the speakers on time: Node's timers count in whole milliseconds, and would bunch up frames that
 * are 0.4 ms apart. Posts how many slots are due, and ends after the last.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { now } from './monotonic.mjs'

const nobody = new Int32Array(new SharedArrayBuffer(4))
/** @type {Float64Array} */
const times = workerData

let due = 0
while (due < times.length) {
  const wait = times[due] - now()
  if (wait > 0) Atomics.wait(nobody, 0, 0, wait)
  const before = due
  while (due < times.length && times[due] <= now()) due++
  if (due > before) parentPort?.postMessage(due)
}
