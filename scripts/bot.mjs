/** `npm run bot`: builds what is stale and runs the example bot; what follows `--` goes to it. */
import { build } from './build.mjs'

await build()
await import('../examples/dist/bot/main.js')
