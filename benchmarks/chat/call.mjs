import { Child } from '../harness/child.mjs'
import { now } from '../harness/monotonic.mjs'
import { decodeSorted, quantile } from '../harness/samples.mjs'

const LISTENERS = 2
const FRAMES_PER_SECOND = 50
/** A frame that is later than this after the end is not delivered. */
const GRACE_MS = 200
const SPAWN_MS = 150

/** Somebody who talks and two who listen, on a server where others chat: each end in a process of its own. */
export class Call {
  #run = 0
  #speaker
  #listeners
  #seed

  /** @param {import('../harness/cores.mjs').Cores} cores @param {number} seed */
  constructor(cores, seed) {
    const child = (/** @type {string} */ file, /** @type {string[]} */ args = []) =>
      new Child(new URL(`../relay/${file}`, import.meta.url), { cores: cores?.load, args })
    this.#speaker = child('speaker-process.mjs')
    this.#listeners = child('listener-process.mjs', ['sample'])
    this.#seed = seed
  }

  /** @param {number} port @param {string} ticket */
  async enter(port, ticket) {
    const entry = { peer: 'arclight', port, ticket }
    await this.#listeners.call('enter', { ...entry, count: LISTENERS, speaks: false })
    await this.#speaker.call('enter', { ...entry, count: 1, speaks: true })
  }

  /** Milliseconds from each frame's time to each listener. @param {{ from: number, start: number, end: number }} window */
  async during({ from, start, end }) {
    const plan = { run: ++this.#run, rate: FRAMES_PER_SECOND, seed: this.#seed, from, start, end }
    const measurement = { ...plan, deadline: end + GRACE_MS }
    const timeout = end - now() + 20_000
    const answers = [this.#listeners, this.#speaker].map((child) => child.call('measure', measurement, timeout))
    const [heard, spoken] = await Promise.all(answers)
    return { latencies: [...decodeSorted(heard.latencies)], sent: spoken.sent * LISTENERS }
  }

  /** The same while nobody chats. @param {{ warmUpMs: number, measureMs: number }} plan */
  alone({ warmUpMs, measureMs }) {
    const from = now() + SPAWN_MS
    return this.during({ from, start: from + warmUpMs, end: from + warmUpMs + measureMs })
  }

  async stop() {
    await Promise.all([this.#speaker, this.#listeners].map((child) => child.kill()))
  }
}

/** @typedef {Awaited<ReturnType<Call['during']>>} Heard */

/** @param {readonly Heard[]} windows */
export function lateness(windows) {
  const latencies = Float64Array.from(windows.flatMap((window) => window.latencies)).sort()
  const sent = windows.reduce((total, window) => total + window.sent, 0)
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), share: latencies.length / sent }
}
