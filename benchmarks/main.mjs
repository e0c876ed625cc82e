/** `node benchmarks/main.mjs <bench> [--json] [--short] [--seed N]`: side-by-side measurements, printed as ratios. */
import { parseArgs } from 'node:util'

/** @typedef {{ json: boolean, short: boolean, seed: number }} BenchOptions */

/** @type {Record<string, () => Promise<(options: BenchOptions) => Promise<void>>>} */
const BENCHES = {
  recorder: async () => (await import('./recorder/recorder.mjs')).recorder,
  relay: async () => (await import('./relay/relay.mjs')).relay,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
})

const name = positionals[0] ?? ''
const seed = Number(values.seed)
if (!Object.hasOwn(BENCHES, name) || positionals.length !== 1 || !Number.isSafeInteger(seed)) {
  console.error(`usage: bench <${Object.keys(BENCHES).join(' | ')}> [--json] [--short] [--seed N]`)
  process.exitCode = 2
} else {
  try {
    const bench = await BENCHES[name]()
    await bench({ json: values.json, short: values.short, seed })
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
