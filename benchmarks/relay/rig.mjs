import { Child, SERVER_PROCESS } from '../harness/child.mjs'
import { watchCores } from '../harness/cores.mjs'
import { now, until } from '../harness/monotonic.mjs'
import { decodeSorted, quantile } from '../harness/samples.mjs'
import { peers } from './peers.mjs'

export const LISTENERS = 200
export const SPEAKERS = 4
/** Listeners whose latencies count: every 20th, as servers send to one after the other. */
const SAMPLES = 10
/** A frame that is later than this after the end is not delivered. */
const GRACE_MS = 100
const SPAWN_MS = 150
const LISTENER = new URL('./listener-process.mjs', import.meta.url)

/** @typedef {{ run: number, rate: number, seed: number, from: number, start: number, end: number, deadline: number }} Measurement */

/**
 * @typedef {object} Result
 * @property {number} rate Frames a second in.
 * @property {number} delivered Frames a second out.
 * @property {number} lost Connections that the server has closed.
 * @property {number} share Of what was to be delivered.
 * @property {number} p50 Milliseconds from the scheduled time.
 * @property {number} p99
 * @property {number} cpu The server's share of its core.
 * @property {number} loadCpu The load's share of its cores.
 * @property {number} othersCpu What processes outside the bench took, in cores.
 * @property {number} lateP99 Milliseconds that frames were sent after their time.
 * @property {number} bytesIn Bytes of a frame from the client.
 * @property {number} bytesOut Bytes of a frame to a listener.
 * @property {number} bytesAll The same with what else the listener was sent.
 */

/** One peer's server with its speakers and listeners, each in its process. */
export class Rig {
  #run = 0
  #peer
  #cores
  #server
  #speakers
  #listeners

  /** @param {import('./peers.mjs').PeerName} peer @param {import('../harness/cores.mjs').Cores} cores */
  constructor(peer, cores) {
    const load = cores?.load
    this.#peer = peer
    this.#cores = cores
    this.#server = new Child(SERVER_PROCESS, { cores: cores?.server })
    this.#speakers = new Child(new URL('./speaker-process.mjs', import.meta.url), { cores: load })
    this.#listeners = peers[peer].echoes
      ? []
      : [
          new Child(LISTENER, { cores: load, args: ['sample'] }),
          // The sample must not wait for the reading that in the world happens on 190 other machines.
          new Child(LISTENER, { cores: load, background: true }),
        ]
  }

  async start() {
    const peer = this.#peer
    const port = await this.#server.call('start', { server: peers[peer].server })
    const ticket = await peers[peer].client.prepare(port)
    const [sample, background] = this.#listeners
    for (let group = 0; sample && group < SAMPLES; group++) {
      const entry = { peer, port, ticket, speaks: false }
      await background.call('enter', { ...entry, count: LISTENERS / SAMPLES - 1 })
      await sample.call('enter', { ...entry, count: 1 })
    }
    await this.#speakers.call('enter', { peer, port, ticket, count: SPEAKERS, speaks: true })
  }

  /** @param {{ rate: number, warmUpMs: number, measureMs: number, seed: number }} plan @returns {Promise<Result>} */
  async measure({ rate, warmUpMs, measureMs, seed }) {
    const from = now() + SPAWN_MS
    const start = from + warmUpMs
    const end = start + measureMs
    const measurement = { run: ++this.#run, rate, seed, from, start, end, deadline: end + GRACE_MS }
    const answer = (/** @type {Child} */ child) => child.call('measure', measurement, warmUpMs + measureMs + 20_000)
    const busy = until(start).then(async () => {
      const used = watchCores()
      await until(end)
      return used()
    })
    const [server, speakers, ...listeners] = await Promise.all(
      [this.#server, this.#speakers, ...this.#listeners].map(answer),
    )
    return this.#result(measurement, { server, speakers, listeners, busy: await busy })
  }

  async stop() {
    await Promise.all([this.#server, this.#speakers, ...this.#listeners].map((child) => child.kill()))
  }

  /** @param {Measurement} measurement @param {{ server: any, speakers: any, listeners: any[], busy: { server: number, load: number } }} answers @returns {Result} */
  #result({ rate, start, end }, { server, speakers, listeners, busy }) {
    const hearers = listeners.length === 0 ? [speakers] : listeners
    const sum = (/** @type {string} */ field) => hearers.reduce((total, hearer) => total + hearer[field], 0)
    const latencies = decodeSorted(hearers[0].latencies)
    const frames = sum('frames')
    const loadCpu = [speakers, ...listeners].reduce((total, { cpu }) => total + cpu, 0)
    return {
      rate,
      delivered: frames / ((end - start) / 1000),
      lost: [speakers, ...listeners].reduce((total, { lost }) => total + lost, 0),
      share: frames / (speakers.sent * (listeners.length === 0 ? 1 : LISTENERS)),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu: server.cpu,
      loadCpu: loadCpu / (this.#cores?.loadCount ?? 1),
      othersCpu: Math.max(0, busy.server - server.cpu) + Math.max(0, busy.load - loadCpu),
      lateP99: speakers.lateP99,
      bytesIn: speakers.sentBytes / speakers.sent,
      bytesOut: sum('mediaBytes') / frames,
      bytesAll: (sum('mediaBytes') + sum('otherBytes')) / frames,
    }
  }
}
