import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { say } from './output.mjs'

/** Past this the load has no room left, and the figure may be the load's own. */
export const LOAD_FULL = 0.95
/** Cores' worth of other people's work past which a measurement waits or is repeated, and past which it is disturbed. */
export const QUIET = 0.05
export const DISTURBED = 0.1

/** Kernels count in ticks of up to 10 ms: less than this tells nothing. */
const QUIET_LOOK_MS = 300

/**
 * Where the processes run: the server alone on core 0, the load on the others; undefined where nothing can be pinned.
 * @typedef {{ server: string, load: string, loadCount: number } | undefined} Cores
 */

/** @returns {Cores} */
export function findCores() {
  const count = availableParallelism()
  if (count < 2 || spawnSync('taskset', ['-c', '0', 'chrt', '--idle', '0', 'true']).status !== 0) return undefined
  return { server: '0', load: count === 2 ? '1' : `1-${count - 1}`, loadCount: count - 1 }
}

/** @param {Cores} cores */
export function sayMachine(cores) {
  say(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0].model.trim()}`)
  say(
    cores ? `server on core ${cores.server}, load on core ${cores.load}` : 'nothing is pinned: no taskset, or one core',
  )
}

/**
 * Starts a look at how busy the machine is, whoever keeps it so. The returned function gives the cores' worth of time
 * that was used since, on core 0 and on the others.
 */
export function watchCores() {
  const before = cpus().map(times)
  return () => {
    const shares = cpus().map((cpu, index) => {
      const { busy, all } = times(cpu)
      return (busy - before[index].busy) / Math.max(1, all - before[index].all)
    })
    const sum = shares.reduce((total, share) => total + share, 0)
    return { server: shares[0], load: sum - shares[0] }
  }
}

/**
 * Waits until the machine is quiet, or until `deadline` of `Date.now`.
 * @param {number} deadline
 */
export async function quiet(deadline) {
  while (Date.now() < deadline) {
    const used = watchCores()
    await new Promise((resolve) => setTimeout(resolve, QUIET_LOOK_MS))
    const { server, load } = used()
    if (server + load <= QUIET) return
  }
}

/**
 * Starts a look at what processes outside of a bench do. The returned function resolves with the cores' worth of time
 * that they have used since.
 * @param {readonly import('./child.mjs').Child[]} children Those that do the bench's own work meanwhile.
 */
export async function watchOthers(children) {
  const ownCpu = async () => {
    const used = await Promise.all(children.map((child) => child.call('cpuUsed')))
    return used.reduce((total, ms) => total + ms, 0)
  }
  const [usedCores, began, before] = [watchCores(), Date.now(), await ownCpu()]
  return async () => {
    const { server, load } = usedCores()
    return Math.max(0, server + load - ((await ownCpu()) - before) / (Date.now() - began))
  }
}

/** Waits for a quiet machine, `ms` in all: a busy one must not keep a bench from its end. */
export class Patience {
  #ms

  /** @param {number} ms */
  constructor(ms) {
    this.#ms = ms
  }

  async quiet() {
    const before = Date.now()
    await quiet(before + this.#ms)
    this.#ms -= Date.now() - before
  }
}

/** @param {import('node:os').CpuInfo} cpu */
function times({ times: { user, nice, sys, irq, idle } }) {
  const busy = user + nice + sys + irq
  return { busy, all: busy + idle }
}
