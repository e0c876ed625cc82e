/**
 * `npm run test:mutants -- [NAME …] [--sample N] [--seed S] [--part i/n] [--json]`: puts one fault at a time into a copy
 * of the server, starts it, and expects a case of the conformance kit to name it. The kit runs from the whole build.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { loadMutants } from './kit-mutants.mjs'
import { editFiles, sample, share } from './rule-break.mjs'
import { makeScratchCopy, packageOf, rebuild, restoreBuild } from './scratch-copy.mjs'

/** A fault that no case of its rule can be failed by itself: it fell over. */
const NO_PROOF = /the case itself failed/

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

const mutants = await loadMutants()
const unknown = positionals.filter((name) => !mutants.has(name))
if (unknown.length > 0) throw new Error(`there is no mutant ${unknown.join(', ')}`)
const [part, parts] = options.part.split('/').map(Number)
if (!(part >= 1 && part <= parts)) throw new Error(`expected a part such as 1/2, got ${options.part}`)
const asked = share(positionals.length > 0 ? positionals : [...mutants.keys()], part, parts)
const names = options.sample === undefined ? asked : sample(asked, Number(options.sample), options.seed)
if (names.length === 0) throw new Error('expected at least one mutant')

await build()
const { runServerCases } = await import('@arclight/conformance/server')
const folder = makeScratchCopy()
let server
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })
}

/** Starts the copy's server over an empty folder; resolves with its address and its claim. */
async function start(data) {
  const program = join(folder, 'packages/server/bin/arclight.js')
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--log-level', 'silent'], {
    cwd: data,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ALLOW_GUESTS: 'true' },
  })
  server = child
  const url = await new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
      // The claim is written before the second line.
      const found = /listens on http(\S+)[\s\S]*\n.*\n/.exec(printed)
      if (found) resolve(`ws${found[1]}/arclight`)
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)))
  })
  return { url, claim: JSON.parse(readFileSync(join(data, 'data/claim.json'))).code }
}

/** Runs the kit's cases of the rules against the copy's server as it is now. */
async function judge(only) {
  const data = mkdtempSync(join(tmpdir(), 'arclight-mutant-'))
  try {
    const { url, claim } = await start(data)
    const stop = () => server.kill('SIGTERM')
    const report = await runServerCases({ url, claim, only, limits: 'default', heavy: true, stop })
    return report.results
  } finally {
    server?.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true })
  }
}

/** Makes one fault, runs the cases of its rule, mends it; resolves with what noticed it. */
async function tryMutant(name) {
  const edits = mutants.get(name)
  const changed = [...new Set(edits.map(({ file }) => packageOf(file)))]
  let files = new Map()
  try {
    files = editFiles(folder, edits)
    for (const [file, { after }] of files) writeFileSync(join(folder, file), after)
    rebuild(folder, changed)
    const results = await judge([ruleOf(name)])
    const fell = results.find(({ outcome, reason }) => outcome === 'failed' && !NO_PROOF.test(reason))
    if (fell) return { caught: true, why: `caught by ${fell.id}: ${fell.reason}` }
    return { caught: false, why: results.map(({ id, outcome, reason }) => `${id} ${outcome} ${reason}`).join('; ') }
  } catch (error) {
    return { caught: false, why: `error: ${error.message}` }
  } finally {
    for (const [file, { before }] of files) writeFileSync(join(folder, file), before)
    restoreBuild(folder, changed)
  }
}

function ruleOf(name) {
  return name.split(' ', 1)[0]
}

function familyOf(name) {
  return name.split('-', 1)[0]
}

/** A line of figures for each family, as `scripts/test-long.mjs` reads them. */
function findings(caught) {
  return [...new Set(names.map(familyOf))].map((family) => {
    const own = names.filter((name) => familyOf(name) === family)
    const ours = own.filter((name) => caught.includes(name)).length
    const metric = `${family}: faults that a case of the kit names`
    const peer = { peer: own.length, peerName: 'faults in all', ratio: ours / own.length }
    return { bench: 'mutants', metric, unit: 'faults', ours, ...peer, target: 'all', met: ours === own.length }
  })
}

function seconds(from) {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`
}

try {
  const startedAt = Date.now()
  say(`${names.length} of ${mutants.size} mutants, seed ${options.seed}, part ${options.part}`)
  const whole = await judge([...new Set(names.map(ruleOf))])
  const ill = whole.filter(({ outcome }) => outcome === 'failed')
  for (const { id, reason } of ill) say(`NOT CAUGHT  the server as it is fails ${id}: ${reason}`)
  say(`as it is: ${whole.filter(({ outcome }) => outcome === 'passed').length} cases pass (${seconds(startedAt)})`)
  const caught = []
  for (const name of ill.length > 0 ? [] : names) {
    const from = Date.now()
    const { caught: noticed, why } = await tryMutant(name)
    if (noticed) caught.push(name)
    say(`${noticed ? 'ok         ' : 'NOT CAUGHT '} ${name}  ${why.slice(0, 300)} (${seconds(from)})`)
  }
  say(`${caught.length} of ${names.length} mutants caught, seed ${options.seed}, ${seconds(startedAt)}`)
  if (options.json) for (const finding of findings(caught)) console.log(JSON.stringify(finding))
  process.exitCode = caught.length === names.length ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
