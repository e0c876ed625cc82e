/** Connections that send on schedule whatever comes back. */
import { serveCommands } from '../harness/commands.mjs'
import { now, until } from '../harness/monotonic.mjs'
import { keepPace } from '../harness/pace.mjs'
import { quantile } from '../harness/samples.mjs'
import { makeSchedule } from '../harness/schedule.mjs'
import { cpuShare } from '../harness/usage.mjs'
import { Crowd } from './crowd.mjs'
import { writePayload } from './payload.mjs'

/** Frames before the measured time are of this run, which nobody counts. */
const WARM_UP_RUN = 0

const crowd = new Crowd({ samples: true })

/** @param {import('./rig.mjs').Measurement} measurement */
function speak({ run, start, ...plan }) {
  const slots = makeSchedule({ ...plan, speakers: crowd.encoders.length })
  /** @type {number[]} */
  const late = []
  let [sent, sentBytes] = [0, 0]
  const times = slots.map((slot) => slot.at)
  const { stop } = keepPace(times, (index) => {
    const { at, speaker } = slots[index]
    const counts = at >= start
    const bytes = crowd.encoders[speaker](writePayload(counts ? run : WARM_UP_RUN, at))
    crowd.send(speaker, bytes)
    if (!counts) return
    sent++
    sentBytes += bytes.length
    late.push(now() - at)
  })
  return {
    stop,
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
