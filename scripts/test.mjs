/**
 * `npm test`: builds what the tests need and runs them; what follows `--` goes to vitest. A full run must also have
 * proved every rule of PROTOCOL.md.
 */
import { rmSync } from 'node:fs'
import { build } from './build.mjs'
import { root } from './packages.mjs'
import { bin, runNode } from './run.mjs'

await build()
const parameters = process.argv.slice(2)
// A run that dies must not be judged by the report of the one before.
rmSync(`${root}coverage/test-report.json`, { force: true })
const tested = await runNode([bin('vitest', 'vitest.mjs'), 'run', ...parameters])
const proved = parameters.length === 0 ? await runNode(['scripts/check-rules.mjs', '--report']) : 0
process.exitCode = tested || proved
