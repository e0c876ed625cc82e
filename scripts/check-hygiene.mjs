/** What must not be in the repository, and what must not be in the server's main thread. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.mjs'

const MOST_BYTES = 1_000_000

/**
 * Synchronous calls stop every client of the server; `cli/` runs before the first, a worker has a thread and a media
 * host a process of its own.
 */
const MAY_BLOCK =
  /^packages\/server\/src\/(cli\/|adapters\/storage\/sqlite\/(worker|erasure|wal-pages)\.ts|adapters\/muxer\/node-av\/)/
const CHECKS = [
  {
    what: 'a synchronous call on the server’s main thread',
    applies: (file) => file.startsWith('packages/server/src/') && file.endsWith('.ts') && !MAY_BLOCK.test(file),
    pattern: /\b\w+Sync\b/,
  },
  {
    what: 'work left behind',
    applies: (file) => /\.(ts|tsx|mjs)$/.test(file) && file !== 'scripts/check-hygiene.mjs',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)/,
  },
  {
    // A test of types says with it what must not compile.
    what: 'a type error that is put up with',
    applies: (file) =>
      /\.(ts|tsx|mjs)$/.test(file) && !/\.test-d\.ts$/.test(file) && file !== 'scripts/check-hygiene.mjs',
    pattern: /@ts-expect-error/,
  },
  {
    what: 'a connection to whoever says it is the server',
    applies: (file) =>
      /\.(c|m)?(j|t)sx?$|\.(json|ya?ml|sh|html)$|\.env/.test(file) && file !== 'scripts/check-hygiene.mjs',
    pattern: /rejectUnauthorized['"]?\s*[:=]\s*(false|0|!1)|NODE_TLS_REJECT_UNAUTHORIZED/,
  },
  {
    what: 'a lockfile with download addresses',
    applies: (file) => file === 'package-lock.json',
    pattern: /"resolved": "http/,
  },
]

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\0')
  .filter(Boolean)
const problems = []
for (const file of files) {
  const stats = statSync(join(root, file), { throwIfNoEntry: false })
  if (!stats?.isFile()) continue
  if (stats.size > MOST_BYTES && file !== 'package-lock.json') problems.push(`${file}: ${stats.size} bytes`)
  for (const { what, applies, pattern } of CHECKS) {
    if (!applies(file)) continue
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    lines.forEach((line, at) => {
      if (pattern.test(line)) problems.push(`${file}:${at + 1}: ${what}: ${line.trim().slice(0, 100)}`)
    })
  }
}
for (const problem of problems) console.error(problem)
console.error(`${files.length} files looked at`)
process.exitCode = problems.length > 0 ? 1 : 0
