/** Connections that only listen. With the argument `sample` their latencies are kept, else they are the background. */
import { serveCommands } from '../harness/commands.mjs'
import { until } from '../harness/monotonic.mjs'
import { cpuShare } from '../harness/usage.mjs'
import { Crowd } from './crowd.mjs'

const NAP_MS = 1

const samples = process.argv[2] === 'sample'
const crowd = new Crowd({ samples })
const nobody = new Int32Array(new SharedArrayBuffer(4))
let napping = false

/**
 * The background reads what came, sleeps for a while, and is never woken by a frame: waking 190 listeners of the same
 * machine, which in the world are on 190 others, would cost the server more than sending to them.
 */
function nap() {
  if (!napping) return
  Atomics.wait(nobody, 0, 0, NAP_MS)
  setImmediate(nap)
}

serveCommands({
  enter: (entry) => crowd.enter(entry),

  /** @param {import('./rig.mjs').Measurement} measurement */
  async measure(measurement) {
    crowd.begin(measurement)
    napping = !samples
    nap()
    const cpu = await cpuShare(measurement.start, measurement.end)
    await until(measurement.deadline)
    napping = false
    return { cpu, ...crowd.result() }
  },
})
