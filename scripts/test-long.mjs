/**
 * `npm run test:long [part …]`: the full figures, each part under ten minutes, written to docs/measurements.md with
 * command, commit, seed and figure. A part that was measured before is replaced.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { build } from './build.mjs'
import { root } from './packages.mjs'

const FILE = `${root}docs/measurements.md`
const TEN_MINUTES = 600_000
const SEED = '1'
const STORM = 'examples/dist/exactly-once/main.js'
/** So many that each stays well under ten minutes on a machine that has other things to do. */
const RULE_PARTS = 6
const MUTANT_PARTS = 6
const PARTS = {
  relay: ['benchmarks/main.mjs', 'relay', '--json', '--seed', SEED],
  recorder: ['benchmarks/main.mjs', 'recorder', '--json', '--seed', SEED],
  chat: ['benchmarks/main.mjs', 'chat', '--json', '--seed', SEED],
  history: ['benchmarks/main.mjs', 'history', '--json', '--seed', SEED],
  'exactly-once': [STORM, '--case', 'storm', '--json', '--seed', SEED],
  'exactly-once-empty-store': [STORM, '--case', 'empty-store', '--json', '--seed', SEED],
  'exactly-once-page': ['scripts/long-page.mjs'],
  'storage-kills': ['scripts/long-kills.mjs'],
  uploads: ['scripts/long-uploads.mjs'],
  'exactly-once-older-copy': [STORM, '--case', 'older-copy', '--json', '--seed', SEED],
  ...Object.fromEntries(
    Array.from({ length: RULE_PARTS }, (_, at) => {
      const part = `${at + 1}/${RULE_PARTS}`
      return [`rules-${at + 1}`, ['scripts/break-rules.mjs', '--json', '--seed', SEED, '--part', part]]
    }),
  ),
  ...Object.fromEntries(
    Array.from({ length: MUTANT_PARTS }, (_, at) => {
      const part = `${at + 1}/${MUTANT_PARTS}`
      return [`mutants-${at + 1}`, ['scripts/test-mutants.mjs', '--json', '--seed', SEED, '--part', part]]
    }),
  ),
}
const HEAD = `# Measurements

Written by \`npm run test:long\`; each part says what it ran and at which commit. The machine is shared and noisy: ratios
of what ran side by side mean more than any figure alone.
`

function run(name) {
  const command = PARTS[name]
  console.error(`\n== ${name}: node ${command.join(' ')}`)
  const { status, stdout } = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: TEN_MINUTES,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${name} ended with ${status}`)
  const findings = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  if (findings.length === 0) throw new Error(`${name} found nothing`)
  return section(name, command, findings)
}

function section(name, command, findings) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const machine = `Node ${process.versions.node}, ${cpus().length} cores, ${process.platform}`
  const rows = findings.map(({ metric, unit, ours, peer, peerName, ratio, target, met, note }) => {
    const verdict = `${met ? 'met' : 'missed'}${note ? ` (${note})` : ''}`
    return `| ${[metric, unit, round(ours), round(peer), peerName, round(ratio), target, verdict].join(' | ')} |`
  })
  return [
    `## ${name}`,
    '',
    `\`node ${command.join(' ')}\` at ${commit}, ${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    '',
    '| metric | unit | Arclight | peer | | ratio | target | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function round(value) {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(3)))
}

/** Puts a part's section in the place of its last one. */
function write(name, text) {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD
  const sections = before.split(/^(?=## )/m)
  const at = sections.findIndex((one) => one.startsWith(`## ${name}\n`))
  if (at < 0) sections.push(text)
  else sections[at] = text
  writeFileSync(FILE, `${sections.map((one) => one.trim()).join('\n\n')}\n`)
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) throw new Error(`the parts are ${Object.keys(PARTS).join(', ')}, not ${unknown.join(', ')}`)
await build()
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  try {
    write(name, run(name))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
