/** Connections that send on schedule whatever comes back. */
import { Worker } from 'node:worker_threads'
import { serveCommands } from './commands.mjs'
import { Crowd } from './crowd.mjs'
import { now, until } from './monotonic.mjs'
import { writePayload } from './payload.mjs'
import { quantile } from './quantile.mjs'
import { makeSchedule } from './schedule.mjs'
import { cpuShare } from './usage.mjs'

/** Frames before the measured time are of this run, which nobody counts. */
const WARM_UP_RUN = 0

const crowd = new Crowd({ samples: true })

/** @param {import('./rig.mjs').Measurement} measurement */
function speak({ run, start, ...plan }) {
  const slots = makeSchedule({ ...plan, speakers: crowd.encoders.length })
  /** @type {number[]} */
  const late = []
  let [next, sent, sentBytes] = [0, 0, 0]
  const send = (/** @type {number} */ due) => {
    for (; next < due; next++) {
      const { at, speaker } = slots[next]
      const counts = at >= start
      const bytes = crowd.encoders[speaker](writePayload(counts ? run : WARM_UP_RUN, at))
      crowd.send(speaker, bytes)
      if (!counts) continue
      sent++
      sentBytes += bytes.length
      late.push(now() - at)
    }
  }
  const pacer = new Worker(new URL('./pacer.mjs', import.meta.url), {
    workerData: Float64Array.from(slots, (slot) => slot.at),
  })
  pacer.on('message', send)
  return {
    stop: () => pacer.terminate(),
    result: () => ({ sent, sentBytes, lateP99: quantile(Float64Array.from(late).sort(), 0.99) }),
  }
}

serveCommands({
  enter: (entry) => crowd.enter(entry),

  /** @param {import('./rig.mjs').Measurement} measurement */
  async measure(measurement) {
    crowd.begin(measurement)
    const speaking = speak(measurement)
    const cpu = await cpuShare(measurement.start, measurement.end)
    await until(measurement.deadline)
    await speaking.stop()
    return { cpu, ...speaking.result(), ...crowd.result() }
  },
})
