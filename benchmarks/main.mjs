/**
 * `node benchmarks/main.mjs <bench> [--json] [--short] [--seed N] [--profile FOLDER]`: side-by-side measurements,
 * printed as ratios. `--profile`: chat writes CPU profiles of Arclight's server there, one of each thread.
 */
import { parseArgs } from 'node:util'

/** @type {Record<string, () => Promise<(options: import('./harness/output.mjs').BenchOptions) => Promise<void>>>} */
const BENCHES = {
  chat: async () => (await import('./chat/chat.mjs')).chat,
  history: async () => (await import('./history/history.mjs')).history,
  recorder: async () => (await import('./recorder/recorder.mjs')).recorder,
  relay: async () => (await import('./relay/relay.mjs')).relay,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
})

const name = positionals[0] ?? ''
const seed = Number(values.seed)
if (!Object.hasOwn(BENCHES, name) || positionals.length !== 1 || !Number.isSafeInteger(seed)) {
  console.error(`usage: bench <${Object.keys(BENCHES).join(' | ')}> [--json] [--short] [--seed N] [--profile FOLDER]`)
  process.exitCode = 2
} else {
  try {
    const bench = await BENCHES[name]()
    await bench({ json: values.json, short: values.short, seed, profile: values.profile })
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
