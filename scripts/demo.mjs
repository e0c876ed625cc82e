/** `npm run demo`: a server and two clients, proved on real input. `--break message|voice|frame` must make it fail. */
import { build } from './build.mjs'

await build()
await import('../examples/dist/demo/main.js')
