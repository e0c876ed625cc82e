import { withChildren } from '../harness/child.mjs'
import { findCores, sayMachine } from '../harness/cores.mjs'
import { sayFindings } from '../harness/findings.mjs'
import { keepStdoutFor, say } from '../harness/output.mjs'
import { PAYLOAD_BYTES } from './payload.mjs'
import { Ramp } from './ramp.mjs'
import { sayMeasurements } from './report.mjs'
import { LISTENERS, SPEAKERS } from './rig.mjs'
import { findings } from './targets.mjs'

/** The rates at which the latency above an echo server's has a target. */
const ECHO_RATES = [200, 1200]

const FULL = {
  rates: [50, 100, 200, 400, 800, 1200, 1600, 2400],
  warmUpMs: 700,
  measureMs: 4000,
  refinements: 2,
  attempts: 3,
  repeatForMs: 75_000,
}
const SHORT = {
  rates: [200, 400, 800, 1200, 2400],
  warmUpMs: 300,
  measureMs: 1000,
  refinements: 0,
  attempts: 2,
  repeatForMs: 4_000,
}

/**
 * How many frames a second one room of 200 takes on one core: Arclight beside Socket.IO and a plain `ws` loop.
 * @param {import('../harness/output.mjs').BenchOptions} options
 */
export async function relay({ json, short, seed }) {
  keepStdoutFor(json)
  const cores = findCores()
  const plan = { ...(short ? SHORT : FULL), seed }
  say(`relay: ${SPEAKERS} speakers, ${LISTENERS} listeners, ${PAYLOAD_BYTES}-byte payloads, open loop, seed ${seed}`)
  sayMachine(cores)
  await withChildren(async () => {
    const ramp = (/** @type {import('./peers.mjs').PeerName} */ peer, own = plan) => new Ramp(peer, cores, own)
    const echo = await ramp('echo', { ...plan, rates: ECHO_RATES, refinements: 0 }).run()
    const socketIo = await ramp('socketIo').run()
    const wsLoop = await ramp('wsLoop').run()
    const comparedAt = [socketIo, wsLoop].flatMap(({ best }) => (best ? [best.rate] : []))
    const arclight = await ramp('arclight').run(comparedAt)
    const ramps = { echo, socketIo, wsLoop, arclight }
    sayMeasurements(ramps)
    sayFindings('relay', findings(ramps), json)
  })
}
