/** The long form of the page that reloads: prints what it found, one object a line; exits with 1 where a message was missing. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, runNode } from './run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'arclight-long-'))
const findings = join(folder, 'findings.ndjson')
process.env.ARCLIGHT_FINDINGS = findings
process.env.ARCLIGHT_REQUIRE_BROWSER = '1'
const vitest = [
  bin('vitest', 'vitest.mjs'),
  'run',
  'examples/test/outbox-page.test.ts',
  '-t',
  'is reloaded in mid-send',
]
// Standard output is for the findings alone.
process.exitCode = await runNode([...vitest, '--reporter', 'dot'], { stdio: ['ignore', 2, 2] })
if (existsSync(findings)) process.stdout.write(readFileSync(findings))
rmSync(folder, { recursive: true, force: true })
