/**
 * `npm run exactly-once`: three clients write through cuts, stalls, restarts and lost stores; every message once, in
 * order. `--case`, `--seed`, `--short`, and `--break double|drop|swap` that must make it fail.
 */
import { build } from './build.mjs'

await build()
await import('../examples/dist/exactly-once/main.js')
