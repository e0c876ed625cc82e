/** The users of one server: each sends to its channel and hears all that is said there. */
import { serveCommands } from '../harness/commands.mjs'
import { now, until } from '../harness/monotonic.mjs'
import { keepPace } from '../harness/pace.mjs'
import { encodeSamples, quantile } from '../harness/samples.mjs'
import { makeSchedule } from '../harness/schedule.mjs'
import { cpuShare } from '../harness/usage.mjs'
import { ChatTally, Chatter } from './chatter.mjs'
import { peers } from './peers.mjs'

const LOOK_MS = 10

/** @typedef {import('./rig.mjs').ChatMeasurement} ChatMeasurement */

/** @type {Chatter[]} */
let chatters = []

/** As many messages under way as `depth` says, a new one for each that is answered. @param {ChatTally} tally @param {ChatMeasurement & { depth: number }} measurement */
function pipeline(tally, { depth, end }) {
  for (const chatter of chatters) {
    chatter.begin(tally, () => {
      if (tally.time < end) chatter.send(tally.time)
    })
    for (let sent = 0; sent < depth; sent++) chatter.send(now())
  }
  return { stop: () => {}, late: [] }
}

/** Messages at their times, whatever comes back. @param {ChatTally} tally @param {ChatMeasurement & { rate: number }} measurement */
function schedule(tally, { rate, seed, from, start, end }) {
  for (const chatter of chatters) chatter.begin(tally)
  const slots = makeSchedule({ rate, speakers: chatters.length, from, end, seed })
  /** @type {number[]} */
  const late = []
  const times = slots.map(({ at }) => at)
  const { stop } = keepPace(times, (index) => {
    const { at, speaker } = slots[index]
    chatters[speaker].send(at)
    if (at >= start) late.push(now() - at)
  })
  return { stop, late }
}

/** Until everything sent has been answered and delivered, or the deadline. @param {ChatTally} tally @param {number} listeners @param {number} deadline */
async function drained(tally, listeners, deadline) {
  const isDone = () => tally.replies === tally.sent && tally.deliveries >= tally.sent * listeners
  while (!isDone() && now() < deadline) await until(now() + LOOK_MS)
}

serveCommands({
  /** @param {{ peer: import('./peers.mjs').ChatPeerName, port: number, seats: import('./clients/client.mjs').Seat[] }} args */
  async enter({ peer, port, seats }) {
    chatters = seats.map((seat) => new Chatter(port, peers[peer].client, seat))
    await Promise.all(chatters.map((chatter) => chatter.enter()))
  },

  /** @param {ChatMeasurement} measurement */
  async measure(measurement) {
    const tally = new ChatTally(measurement)
    const { depth, rate } = measurement
    const load =
      depth === undefined
        ? schedule(tally, { ...measurement, rate: /** @type {number} */ (rate) })
        : pipeline(tally, { ...measurement, depth })
    const cpu = await cpuShare(measurement.start, measurement.end)
    await drained(tally, measurement.listeners, measurement.deadline)
    await load.stop()
    const { sent, replies, deliveries, refusals, repliesInTime, deliveriesInTime } = tally
    return {
      cpu,
      ...{ sent, replies, deliveries, refusals, repliesInTime, deliveriesInTime },
      lost: chatters.filter((chatter) => chatter.lost).length,
      latencies: encodeSamples(tally.latencies),
      lateP99: load.late.length === 0 ? 0 : quantile(Float64Array.from(load.late).sort(), 0.99),
    }
  },
})
