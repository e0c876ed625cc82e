/** Runs every check in turn, each to its end, adds up what passed, and says last what failed. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = `${root}coverage/test-report.json`
/** The longest, the tests, take less than half of it. */
const STEP_S = 900
/** What `timeout` exits with. */
const TIMED_OUT = 124
/** As much of a failed step's output is said again at the end, where a reader of a cut log still finds it. */
const SAID_AGAIN = 4000
const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []

/** Runs a command to its end and shows what it prints; its exit code, and the end of what it printed. */
function run(command, parameters, env) {
  return new Promise((resolve) => {
    // `timeout` ends the whole process group: a step that hangs fails, and the others still run.
    const child = spawn('timeout', ['--kill-after=10', `${STEP_S}`, command, ...parameters], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    let end = ''
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => {
        shown.write(text)
        end = (end + text).slice(-SAID_AGAIN)
      })
    }
    child.on('exit', (status) => resolve({ status, end }))
  })
}

/** A step that counts as one check. */
async function step(name, command, parameters, env = {}) {
  console.log(`\n== ${name}`)
  const { status, end } = await run(command, parameters, env)
  const passed = status === 0
  const said = `== ${name}: ${passed ? 'ok' : `FAILED with ${status === TIMED_OUT ? `no end in ${STEP_S} s` : status}`}`
  console.log(said)
  total[passed ? 'passed' : 'failed']++
  if (!passed) failures.push(`${said}\n${end}`)
  return passed
}

/** The tests count one by one; a run without a report counts as failed. */
async function tests(env) {
  rmSync(report, { force: true })
  if (!(await step('tests', 'npm', ['test'], env))) console.log('the tests did not all pass')
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += numPassedTests
    total.failed += numFailedTests
    total.skipped += numPendingTests
    if (numPassedTests === 0) total.failed++
    failures.push(...testResults.flatMap(failedIn))
  } catch (error) {
    console.log(`there is no test report: ${error.message}`)
    total.failed++
  }
}

function failedIn({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(
      ({ fullName, failureMessages }) => `${name}: ${fullName}\n${failureMessages.join('\n').slice(0, SAID_AGAIN / 4)}`,
    )
}

await step('build', 'npm', ['run', 'build', '--', '--force'])
await step('check', 'npm', ['run', 'check'])
await tests({ ARCLIGHT_REQUIRE_BROWSER: '1' })
const seed = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim()
await step(`8 rules broken, seed ${seed}`, 'npm', ['run', 'break-rules', '--', '--sample', '8', '--seed', seed])
await step(`4 faults named by the kit, seed ${seed}`, 'npm', [
  ...['run', 'test:mutants', '--'],
  ...['--sample', '4', '--seed', seed],
])
await step('demo', 'npm', ['run', 'demo'])
for (const bench of ['relay', 'chat', 'history', 'recorder'])
  await step(`bench ${bench}, short`, 'npm', ['run', 'bench', '--', bench, '--short'])

for (const failure of failures) console.log(`\n${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
