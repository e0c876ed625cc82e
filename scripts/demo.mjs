/** `npm run demo`: a server and two clients, proved on real input. `--break message|voice` must make it fail. */
import { build } from './build.mjs'
import { runNode } from './run.mjs'

await build()
process.exitCode = await runNode(['examples/dist/demo/main.js', ...process.argv.slice(2)])
