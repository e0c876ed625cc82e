import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'

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
 * Waits until the machine does nearly nothing, or until `deadline` of `Date.now`.
 * @param {number} most Cores' worth of work that is quiet enough
 * @param {number} deadline
 */
export async function quiet(most, deadline) {
  while (Date.now() < deadline) {
    const used = watchCores()
    await new Promise((resolve) => setTimeout(resolve, QUIET_LOOK_MS))
    const { server, load } = used()
    if (server + load <= most) return
  }
}

/** @param {import('node:os').CpuInfo} cpu */
function times({ times: { user, nice, sys, irq, idle } }) {
  const busy = user + nice + sys + irq
  return { busy, all: busy + idle }
}
