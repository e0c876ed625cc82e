/** The long form of the upload that is cut: prints what it found, one object a line; exits with 1 where a byte was wrong. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, runNode } from './run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'arclight-long-'))
const findings = join(folder, 'findings.ndjson')
process.env.ARCLIGHT_FINDINGS = findings
const vitest = [bin('vitest', 'vitest.mjs'), 'run', 'examples/test/uploads.test.ts', '-t', 'survive']
// Standard output is for the findings alone.
process.exitCode = await runNode([...vitest, '--reporter', 'dot'], { stdio: ['ignore', 2, 2] })
if (existsSync(findings)) process.stdout.write(readFileSync(findings))
rmSync(folder, { recursive: true, force: true })
