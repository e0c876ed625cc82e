/** Runs every check in turn, each to its end, and adds up what passed. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = `${root}coverage/test-report.json`
const total = { passed: 0, failed: 0, skipped: 0 }

/** A step that counts as one check. */
function step(name, command, parameters, env = {}) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  const passed = status === 0
  console.log(`== ${name}: ${passed ? 'ok' : `FAILED with ${status}`}`)
  total[passed ? 'passed' : 'failed']++
  return passed
}

/** The tests count one by one; a run without a report counts as failed. */
function tests(env) {
  rmSync(report, { force: true })
  if (!step('tests', 'npm', ['test'], env)) console.log('the tests did not all pass')
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += numPassedTests
    total.failed += numFailedTests
    total.skipped += numPendingTests
    if (numPassedTests === 0) total.failed++
  } catch (error) {
    console.log(`there is no test report: ${error.message}`)
    total.failed++
  }
}

step('build', 'npm', ['run', 'build', '--', '--force'])
step('check', 'npm', ['run', 'check'])
tests({ ARCLIGHT_REQUIRE_BROWSER: '1' })
const seed = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim()
step(`8 rules broken, seed ${seed}`, 'npm', ['run', 'break-rules', '--', '--sample', '8', '--seed', seed])
step(`4 faults named by the kit, seed ${seed}`, 'npm', ['run', 'test:mutants', '--', '--sample', '4', '--seed', seed])
step('demo', 'npm', ['run', 'demo'])
step('bench relay, short', 'npm', ['run', 'bench', '--', 'relay', '--short'])
step('bench recorder, short', 'npm', ['run', 'bench', '--', 'recorder', '--short'])

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
