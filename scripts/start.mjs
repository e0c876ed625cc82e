/** `npm start`: builds what is stale and runs the reference server; what follows `--` goes to it. */
import { build } from './build.mjs'

await build()
await import('../examples/dist/reference-server/main.js')
