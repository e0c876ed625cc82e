/** `npm start`: builds what is stale and runs the reference server; what follows `--` goes to it. */
import { build } from './build.mjs'
import { runNode } from './run.mjs'

await build()
process.exitCode = await runNode(['examples/dist/reference-server/main.js', ...process.argv.slice(2)])
