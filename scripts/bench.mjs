/** `npm run bench -- relay [--json]`: side-by-side measurements. */
import { build } from './build.mjs'
import { runNode } from './run.mjs'

await build()
process.exitCode = await runNode(['benchmarks/main.mjs', ...process.argv.slice(2)])
