import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'

/**
 * Where the processes run: the server alone on core 0, the load on the others; undefined where nothing can be pinned.
 * @typedef {{ server: string, load: string, loadCount: number } | undefined} Cores
 */

/** @returns {Cores} */
export function findCores() {
  const count = availableParallelism()
  if (count < 2 || spawnSync('taskset', ['-c', '0', 'true']).status !== 0) return undefined
  return { server: '0', load: count === 2 ? '1' : `1-${count - 1}`, loadCount: count - 1 }
}

/** Starts a look at how busy core 0 is, whoever keeps it so; the returned function gives its share. */
export function watchServerCore() {
  const before = times()
  return () => {
    const after = times()
    return (after.busy - before.busy) / Math.max(1, after.all - before.all)
  }
}

function times() {
  const { user, nice, sys, irq, idle } = cpus()[0].times
  const busy = user + nice + sys + irq
  return { busy, all: busy + idle }
}
