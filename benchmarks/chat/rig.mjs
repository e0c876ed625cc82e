import { Child, SERVER_PROCESS } from '../harness/child.mjs'
import { watchCores } from '../harness/cores.mjs'
import { now, until } from '../harness/monotonic.mjs'
import { decodeSorted, quantile } from '../harness/samples.mjs'
import { peers } from './peers.mjs'
import { SENDERS, shapes } from './shapes.mjs'
import { countMessages } from './store.mjs'

/** What was sent by the end has so long to be answered and delivered. */
const GRACE_MS = 10_000
const SPAWN_MS = 150
const LOAD_PROCESS = new URL('./load-process.mjs', import.meta.url)

/**
 * `depth`: messages of each sender under way, or `rate`: messages a second of all, whatever comes back.
 * @typedef {{ depth?: number, rate?: number, warmUpMs: number, measureMs: number, seed: number }} ChatPlan
 */

/** @typedef {{ depth?: number, rate?: number, seed: number, listeners: number, from: number, start: number, end: number, deadline: number }} ChatMeasurement */

/**
 * @typedef {object} ChatResult
 * @property {number} rate Messages a second that were answered and delivered.
 * @property {number} deliveries A second.
 * @property {number} share Of the replies and deliveries that were to come by the end of the grace, the fewer of both.
 * @property {number} refusals Messages not stored, and channels that lagged.
 * @property {number} lost Connections that the server has closed.
 * @property {number} p50 Milliseconds from when a message was due to its reply.
 * @property {number} p99
 * @property {number} cpu The server's share of its core, all its threads.
 * @property {number} perCpu Messages per CPU-second of the server.
 * @property {number} loadCpu The load's share of its cores.
 * @property {number} othersCpu What processes outside the bench took, in cores.
 * @property {number} lateP99 Milliseconds that messages were sent after their time.
 */

/**
 * @typedef {object} RigParts
 * @property {import('./peers.mjs').ChatPeerName} peer
 * @property {import('./shapes.mjs').ShapeName} shape
 * @property {import('./store.mjs').Store} store
 * @property {import('../harness/cores.mjs').Cores} cores
 * @property {Record<string, string>} env Of the server.
 * @property {string | undefined} [profile] A folder where the server writes a CPU profile of each of its threads.
 * @property {boolean} [background] The load gives way to whatever else wants its core.
 */

/** One server with its senders, each in its process. */
export class Rig {
  port = 0
  #file = ''
  #replies = 0
  #parts
  #server
  #load

  /** @param {RigParts} parts */
  constructor(parts) {
    const { cores, env, profile, background = false } = parts
    const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    this.#parts = parts
    this.#server = new Child(SERVER_PROCESS, { cores: cores?.server, env, nodeArgs })
    this.#load = new Child(LOAD_PROCESS, { cores: cores?.load, background })
  }

  async start() {
    const { peer, shape, store } = this.#parts
    const { server, options } = peers[peer]
    const prepared = await store.prepare(peer)
    this.#file = prepared.file
    this.port = await this.#server.call('start', { server, ...options, ...prepared.options })
    const { channelOf } = shapes[shape]
    const seats = Array.from({ length: SENDERS }, (_, at) => ({ token: store.tokens[at], channel: channelOf(at) }))
    await this.#load.call('enter', { peer, port: this.port, seats })
  }

  /** `beside` is done while the messages flow. @param {ChatPlan} plan @param {(window: { from: number, start: number, end: number }) => unknown} [beside] @returns {Promise<ChatResult>} */
  async measure({ warmUpMs, measureMs, ...load }, beside = () => {}) {
    const from = now() + SPAWN_MS
    const start = from + warmUpMs
    const end = start + measureMs
    const { listeners } = shapes[this.#parts.shape]
    const measurement = { ...load, listeners, from, start, end, deadline: end + GRACE_MS }
    const answer = (/** @type {Child} */ child) => child.call('measure', measurement, end - now() + GRACE_MS + 20_000)
    const busy = until(start).then(async () => {
      const used = watchCores()
      await until(end)
      return used()
    })
    const [server, result] = await Promise.all([answer(this.#server), answer(this.#load), beside({ from, start, end })])
    return this.#result(measurement, { cpu: server.cpu, result, used: await busy })
  }

  /** Throws where the server has answered for more messages than it has stored. */
  async stop() {
    await this.#load.kill()
    await this.#server.call('close').catch(() => {})
    await this.#server.end()
    const stored = countMessages(this.#file)
    if (stored < this.#replies) throw new Error(`${this.#replies} messages were answered for, ${stored} are stored`)
  }

  /** @param {ChatMeasurement} measurement @param {{ cpu: number, result: any, used: { server: number, load: number } }} answers @returns {ChatResult} */
  #result({ listeners, start, end }, { cpu, result, used }) {
    const seconds = (end - start) / 1000
    this.#replies += result.replies
    const { sent, replies, deliveries, repliesInTime, deliveriesInTime, refusals, lost, lateP99 } = result
    const rate = Math.min(repliesInTime, deliveriesInTime / listeners) / seconds
    const latencies = decodeSorted(result.latencies)
    return {
      rate,
      deliveries: deliveriesInTime / seconds,
      share: Math.min(replies, deliveries / listeners) / sent,
      refusals,
      lost,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu,
      perCpu: rate / cpu,
      loadCpu: result.cpu / (this.#parts.cores?.loadCount ?? 1),
      othersCpu: Math.max(0, used.server - cpu) + Math.max(0, used.load - result.cpu),
      lateP99,
    }
  }
}
