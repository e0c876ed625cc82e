import { DISTURBED, LOAD_FULL } from '../harness/cores.mjs'
import { say } from '../harness/output.mjs'
import { peers } from './peers.mjs'
import { Rig } from './rig.mjs'
import { shapes } from './shapes.mjs'

/** What is stored has to be answered for and delivered. */
const LEAST_SHARE = 0.999
/** More messages under way are tried as long as they bring this much. */
const GROWTH = 1.05

/** @typedef {import('./rig.mjs').ChatResult & { title: string, load: string, served: boolean, loadFull: boolean, disturbed: boolean }} ChatPoint */

/**
 * @typedef {object} ContestPlan
 * @property {readonly number[]} depths Messages of each sender under way, rising.
 * @property {number} rounds At the best depth, each server in turn, beside the one that found it.
 * @property {number} warmUpMs
 * @property {number} measureMs
 * @property {import('../harness/cores.mjs').Patience} patience
 * @property {number} seed
 */

/** One server's figures. */
export class Contestant {
  /** @type {ChatPoint[]} */
  points = []
  /** @type {ChatPoint[]} */
  #atBest = []
  #depth = 0
  /** At half of the shape's goal; undefined where the server's best is less. @type {ChatPoint | undefined} */
  half
  /** @type {Rig | undefined} */
  #rig
  #parts
  #plan

  /** @param {import('./rig.mjs').RigParts} parts @param {ContestPlan} plan */
  constructor(parts, plan) {
    this.#parts = parts
    this.#plan = plan
  }

  /** At the best depth the figure in the middle, of those that nobody disturbed where there are any; undefined where no depth was served. */
  get best() {
    const calm = this.#atBest.filter(({ disturbed }) => !disturbed)
    const points = (calm.length > 0 ? calm : this.#atBest).toSorted((one, other) => one.rate - other.rate)
    return points[Math.floor(points.length / 2)]
  }

  /** Finds the depth that brings the most. */
  async ramp() {
    for (const depth of this.#plan.depths) {
      const best = this.best?.rate ?? 0
      const point = await this.#measure({ depth })
      if (point.served && point.rate > best) {
        this.#depth = depth
        this.#atBest = [point]
      }
      if (!point.served || point.rate < best * GROWTH) return
    }
  }

  /** Measures the best depth once more. */
  async again() {
    if (this.#depth === 0) return
    const point = await this.#measure({ depth: this.#depth })
    if (point.served) this.#atBest.push(point)
  }

  async atHalf() {
    const rate = shapes[this.#parts.shape].goal / 2
    if ((this.best?.rate ?? 0) > rate) this.half = await this.#measure({ rate })
  }

  async stop() {
    await this.#rig?.stop()
    this.#rig = undefined
  }

  /** A server that fell behind is replaced: what it still has queued is not the next figure's.
   * @param {{ depth: number } | { rate: number }} load */
  async #measure(load) {
    const { warmUpMs, measureMs, patience, seed } = this.#plan
    if (!this.#rig) {
      this.#rig = new Rig(this.#parts)
      await this.#rig.start()
    }
    await patience.quiet()
    const result = await this.#rig.measure({ ...load, warmUpMs, measureMs, seed })
    const served = result.share >= LEAST_SHARE && result.refusals === 0 && result.lost === 0
    if (!served) await this.stop()
    const point = {
      ...result,
      title: peers[this.#parts.peer].title,
      load: 'depth' in load ? `${load.depth} each` : `${load.rate}/s`,
      served,
      loadFull: result.loadCpu > LOAD_FULL,
      disturbed: result.othersCpu > DISTURBED,
    }
    this.points.push(point)
    say(
      `${point.title}: ${shapes[this.#parts.shape].title}, ${point.load}: ${Math.round(point.rate)} messages/s, ` +
        `p99 ${point.p99.toFixed(1)} ms${served ? '' : ', not served'}`,
    )
    return point
  }
}

/**
 * The servers beside each other at one shape, each in its turn at each step.
 * @param {readonly Contestant[]} contestants @param {number} rounds
 */
export async function compete(contestants, rounds) {
  for (const contestant of contestants) await contestant.ramp()
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) await contestant.again()
  }
  for (const contestant of contestants) await contestant.atHalf()
  await Promise.all(contestants.map((contestant) => contestant.stop()))
}
