import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('./slow-sync.c', import.meta.url))

/** Milliseconds that each sync takes longer. */
export const SLOW_SYNC_MS = 5

/**
 * Builds the library that slows syncs.
 * @param {string} directory Where it is put.
 * @returns {{ env: Record<string, string> } | { missing: string }} What a process gets it by, or why there is none.
 */
export function buildSlowSync(directory) {
  const library = join(directory, 'slow-sync.so')
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'], { encoding: 'utf8' })
  if (built.status === 0) return { env: { LD_PRELOAD: library } }
  const why = built.error ? 'there is no C compiler' : `cc failed: ${built.stderr.trim().split('\n')[0]}`
  return { missing: `${why}; it needs the packages gcc and libc6-dev: apt-get install gcc libc6-dev` }
}
