/** `npm test`: builds what the tests need and runs them; what follows `--` goes to vitest. */
import { build } from './build.mjs'
import { bin, runNode } from './run.mjs'

await build()
const parameters = process.argv.slice(2)
process.exitCode = await runNode([bin('vitest', 'vitest.mjs'), 'run', ...parameters])
