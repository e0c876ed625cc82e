import { DISTURBED, LOAD_FULL, QUIET, quiet } from '../harness/cores.mjs'
import { say } from '../harness/output.mjs'
import { peers } from './peers.mjs'
import { Rig } from './rig.mjs'

/** A rate is served when its latency and its deliveries are these. */
const MOST_P99_MS = 20
const LEAST_SHARE = 0.999
/** Frames that are sent later than this were held up by other processes. */
const MOST_LATE_MS = 5
const WARM_UP_RATE = 100

/** @typedef {import('./rig.mjs').Result & { served: boolean, loadFull: boolean, disturbed: boolean }} Point */

/**
 * @typedef {object} Plan
 * @property {readonly number[]} rates
 * @property {number} warmUpMs
 * @property {number} measureMs
 * @property {number} refinements Steps between the last rate served and the first that is not.
 * @property {number} attempts At one rate, as long as the machine is not quiet or the rate is not served.
 * @property {number} repeatForMs No second attempt begins, and no quiet is waited for, later than this after the peer's first.
 * @property {number} seed
 */

/** Measures one peer at rising rates; stops its processes before it returns. */
export class Ramp {
  /** @type {Point[]} */
  points = []
  /** @type {Rig | undefined} */
  #rig
  #peer
  #cores
  #plan
  #repeatUntil = 0

  /** @param {import('./peers.mjs').PeerName} peer @param {import('../harness/cores.mjs').Cores} cores @param {Plan} plan */
  constructor(peer, cores, plan) {
    this.#peer = peer
    this.#cores = cores
    this.#plan = plan
  }

  /** The highest rate served; undefined where none was. */
  get best() {
    return this.points.filter((point) => point.served).at(-1)
  }

  /** @param {readonly number[]} [extraRates] Rates that another peer is to be compared at. */
  async run(extraRates = []) {
    const rates = [...new Set([...this.#plan.rates, ...extraRates])].sort((one, other) => one - other)
    let failures = 0
    this.#repeatUntil = Date.now() + this.#plan.repeatForMs
    for (const rate of rates) {
      if (failures === 2) break
      failures = (await this.#point(rate)).served ? 0 : failures + 1
    }
    await this.#refine()
    await this.#rig?.stop()
    if (this.points.every((point) => point.delivered === 0)) throw new Error(`${this.#peer} delivered nothing`)
    return this
  }

  async #refine() {
    for (let step = 0; step < this.#plan.refinements; step++) {
      const low = this.best?.rate ?? 0
      const high = this.points.find((point) => point.rate > low)?.rate
      const middle = high && Math.round((low + high) / 20) * 10
      if (!middle || middle === low || middle === high) return
      await this.#point(middle)
    }
  }

  /** @param {number} rate */
  async #point(rate) {
    const { attempts } = this.#plan
    let point = await this.#attempt(rate)
    for (let count = 1; count < attempts && Date.now() < this.#repeatUntil; count++) {
      if (point.served && point.othersCpu < QUIET) break
      point = better(point, await this.#attempt(rate))
    }
    this.points = [...this.points, point].sort((one, other) => one.rate - other.rate)
    say(
      `${peers[this.#peer].title}: ${rate} frames/s in, p99 ${point.p99.toFixed(1)} ms${point.served ? '' : ', not served'}`,
    )
    return point
  }

  /** A server that fell behind is replaced: what it still has queued is not the next rate's. @param {number} rate */
  async #attempt(rate) {
    const { warmUpMs, measureMs, seed } = this.#plan
    this.#rig ??= await this.#start()
    await quiet(this.#repeatUntil)
    const result = await this.#rig.measure({ rate, warmUpMs, measureMs, seed })
    const served = result.p99 < MOST_P99_MS && result.share >= LEAST_SHARE && result.lost === 0
    if (!served) {
      await this.#rig.stop()
      this.#rig = undefined
    }
    return { ...result, served, loadFull: result.loadCpu > LOAD_FULL, disturbed: isDisturbed(result) }
  }

  async #start() {
    const rig = new Rig(this.#peer, this.#cores)
    await rig.start()
    const { warmUpMs, seed } = this.#plan
    await rig.measure({ rate: WARM_UP_RATE, warmUpMs: 2 * warmUpMs, measureMs: 100, seed })
    return rig
  }
}

/** @param {import('./rig.mjs').Result} result */
function isDisturbed({ othersCpu, lateP99 }) {
  return othersCpu > DISTURBED || lateP99 > MOST_LATE_MS
}

/** @param {Point} one @param {Point} other */
function better(one, other) {
  if (one.served !== other.served) return one.served ? one : other
  return one.othersCpu <= other.othersCpu ? one : other
}
