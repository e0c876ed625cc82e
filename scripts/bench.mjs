/** `npm run bench -- relay [--json]`: side-by-side measurements. */
import { build } from './build.mjs'

await build()
await import('../benchmarks/main.mjs')
