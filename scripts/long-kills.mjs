/** The long form of the processes that are killed while they append: prints what it found, one object a line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, runNode } from './run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'arclight-long-'))
const findings = join(folder, 'findings.ndjson')
process.env.ARCLIGHT_FINDINGS = findings
const vitest = [bin('vitest', 'vitest.mjs'), 'run', 'packages/server/test/storage/durability/kill.test.ts']
// Standard output is for the findings alone.
process.exitCode = await runNode([...vitest, '--reporter', 'dot'], { stdio: ['ignore', 2, 2] })
if (existsSync(findings)) process.stdout.write(readFileSync(findings))
rmSync(folder, { recursive: true, force: true })
