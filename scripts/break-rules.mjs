/**
 * `npm run break-rules -- [RULE …] [--sample N] [--seed S] [--part i/n] [--json]`: breaks each rule alone, in a copy
 * of the working tree, and expects one of the tests that name it to fall. A rule without a break, a break that does
 * not apply and one that survives are failures.
 */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { editFiles, loadBreaks, sample, share, verdict } from './rule-break.mjs'
import { ruleIds, testsOf } from './rules.mjs'
import { bin } from './run.mjs'
import { affected, makeScratchCopy, packageOf, rebuild, restoreBuild } from './scratch-copy.mjs'
import { testFiles } from './test-files.mjs'

/** What a test of a broken rule may take: five seconds, or four times what it took unbroken. */
const LEAST_TIMEOUT_MS = 5_000
const PATIENCE = 4
/** A run that does not end by itself. */
const MOST_RUN_MS = 120_000

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    part: { type: 'string', default: '1/1' },
    json: { type: 'boolean', default: false },
  },
})
const say = options.json ? console.error : console.log

const known = ruleIds()
const unknown = positionals.filter((id) => !known.includes(id))
if (unknown.length > 0) throw new Error(`PROTOCOL.md has no rule ${unknown.join(', ')}`)
const [part, parts] = options.part.split('/').map(Number)
if (!(part >= 1 && part <= parts)) throw new Error(`expected a part such as 1/2, got ${options.part}`)
const asked = share(positionals.length > 0 ? positionals : known, part, parts)
const ids = options.sample === undefined ? asked : sample(asked, Number(options.sample), options.seed)
if (ids.length === 0) throw new Error('expected at least one rule to break')

const breaks = await loadBreaks()
await build()
const folder = makeScratchCopy()
const named = testFiles()
let running
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    if (running) killGroup(running)
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })
}

/** The test files that name the rule; those of the examples, which are slow, only where there is no other. */
function filesOf(id) {
  const all = named.filter(({ openings }) => openings.flat().includes(id)).map(({ file }) => file)
  const quick = all.filter((file) => file.startsWith('packages/'))
  return quick.length > 0 ? quick : all
}

/** Runs the tests that name one of the rules, in the copy; resolves with the report. */
function runTests(rules, files, more) {
  const report = join(folder, 'coverage/test-report.json')
  rmSync(report, { force: true })
  const pattern = `\\[(${rules.join('|')})\\]`
  const command = [bin('vitest', 'vitest.mjs'), 'run', ...files, '-t', pattern, '--reporter=json', ...more]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: folder, stdio: 'ignore', detached: true })
    const late = setTimeout(() => killGroup(child), MOST_RUN_MS * Math.max(1, rules.length / 4))
    running = child
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(late)
      running = undefined
      try {
        resolve(JSON.parse(readFileSync(report)))
      } catch {
        reject(new Error(`the tests ended without a report, with ${signal ?? code}`))
      }
    })
  })
}

/** A worker that a break sent round in circles would outlive the run that it is part of, and slow down all after it. */
function killGroup({ pid }) {
  process.kill(-pid, 'SIGKILL')
}

/** Why breaking the rule would prove nothing; undefined where its tests pass as long as it is whole. */
function unfit(id, own) {
  const ill = own.find(({ status }) => status === 'failed')
  if (ill) return `unbroken, a test of it fails: ${ill.title}: ${ill.failures[0]}`
  if (!own.some(({ status }) => status === 'passed')) return 'unbroken, none of its tests ran'
  return breaks.has(id) ? undefined : 'it has no break in scripts/rule-breaks'
}

/** Makes one break, runs the rule's tests, mends it. */
async function judge(id, { edits }, slowest) {
  const changed = [...new Set(edits.map(({ file }) => packageOf(file)))]
  const more = ['--bail=1', `--testTimeout=${Math.max(LEAST_TIMEOUT_MS, Math.ceil(PATIENCE * slowest))}`]
  let files = new Map()
  let rebuilt = []
  try {
    files = editFiles(folder, edits)
    for (const [file, { after }] of files) writeFileSync(join(folder, file), after)
    // core's own tests run its source as it is: where one falls, no build is needed.
    const all = filesOf(id)
    const inCore = all.filter((file) => file.startsWith('packages/core/'))
    if (changed.includes('packages/core') && inCore.length > 0) {
      const early = verdict(id, await runTests([id], inCore, more))
      if (early.outcome !== 'survived') return early
    }
    rebuilt = affected(changed, all)
    rebuild(folder, rebuilt)
    return verdict(id, await runTests([id], all, more))
  } catch (error) {
    return { outcome: 'error', why: error.message }
  } finally {
    for (const [file, { before }] of files) writeFileSync(join(folder, file), before)
    restoreBuild(folder, rebuilt)
  }
}

/** Makes each of the rule's breaks in turn, says what came of it, and tells whether all were noticed. */
async function prove(id, unbroken) {
  const own = unbroken.filter(({ ids: named }) => named.includes(id))
  const why = unfit(id, own)
  if (why !== undefined) {
    say(`NOT PROVED  ${id}  error: ${why}`)
    return false
  }
  const slowest = Math.max(...own.map(({ duration }) => duration))
  let proved = true
  for (const one of breaks.get(id)) {
    const from = Date.now()
    const { outcome, by, why } = await judge(id, one, slowest)
    const noticed = outcome === 'proved'
    const line = noticed ? `falls with "${by}": ${why}` : `${outcome}: ${why}`
    say(`${noticed ? 'ok        ' : 'NOT PROVED'}  ${one.name}  ${line} (${seconds(from)})`)
    proved &&= noticed
  }
  return proved
}

/** A line of figures for each family, as `scripts/test-long.mjs` reads them. */
function findings(proved) {
  return [...new Set(ids.map(familyOf))].map((family) => {
    const own = ids.filter((id) => familyOf(id) === family)
    const fell = own.filter((id) => proved.includes(id)).length
    const metric = `${family}: proved by a test that falls when the rule is broken`
    const peer = { peer: own.length, peerName: 'rules in all', ratio: fell / own.length }
    return { bench: 'rules', metric, unit: 'rules', ours: fell, ...peer, target: 'all', met: fell === own.length }
  })
}

function familyOf(id) {
  return id.split('-')[0]
}

try {
  say(`${ids.length} of ${known.length} rules, seed ${options.seed}, part ${options.part}`)
  const startedAt = Date.now()
  const baseline = testsOf(await runTests(ids, [...new Set(ids.flatMap(filesOf))], []))
  say(`unbroken: ${baseline.filter(({ status }) => status === 'passed').length} tests pass (${seconds(startedAt)})`)
  const proved = []
  for (const id of ids) if (await prove(id, baseline)) proved.push(id)
  say(`${proved.length} of ${ids.length} rules proved, seed ${options.seed}, ${seconds(startedAt)}`)
  if (options.json) for (const finding of findings(proved)) console.log(JSON.stringify(finding))
  process.exitCode = proved.length === ids.length ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function seconds(from) {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`
}
