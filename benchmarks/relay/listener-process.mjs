/** Connections that only listen. With the argument `sample` their latencies are kept, else they are the background. */
import { setPriority } from 'node:os'
import { serveCommands } from './commands.mjs'
import { Crowd } from './crowd.mjs'
import { until } from './monotonic.mjs'
import { cpuShare } from './usage.mjs'

const samples = process.argv[2] === 'sample'
const crowd = new Crowd({ samples })
/** The sample must not wait for the background's reading, which in the world happens on 190 other machines. */
if (!samples) setPriority(19)

serveCommands({
  enter: (entry) => crowd.enter(entry),

  /** @param {import('./rig.mjs').Measurement} measurement */
  async measure(measurement) {
    crowd.begin(measurement)
    const cpu = await cpuShare(measurement.start, measurement.end)
    await until(measurement.deadline)
    return { cpu, ...crowd.result() }
  },
})
