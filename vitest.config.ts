import { defineConfig } from 'vitest/config'

// The packages are tested as they are shipped: their builds run as they are, untransformed.
const server = { deps: { external: [/\/packages\/[^/]+\/dist\//] } }
const patience = { testTimeout: 20_000, hookTimeout: 30_000, expect: { poll: { timeout: 15_000 } } }
// One more than there are cores at least: many a test waits for the protocol's own times. Projects start in this order.
const beside = { maxWorkers: 3, sequence: { groupOrder: 0 } }

/** Whole runs of the conformance kit: minutes of waiting, started first so that nothing waits for them at the end. */
const KIT_RUNS = ['packages/server/test/conformance/*.test.ts', 'packages/client-node/test/conformance*.test.ts']
/** Pages and processes that need the machine's time, and nobody's ears. */
const PAGES = ['conformance-page', 'exactly-once', 'outbox-page', 'web-tokens', 'witness', 'cutting-proxy']
const BESIDE_OTHERS = PAGES.map((name) => `examples/test/${name}.test.ts`)

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'coverage/test-report.json' }]],
    projects: [
      {
        test: { name: '1 kit', include: KIT_RUNS, ...beside, server, ...patience },
      },
      {
        test: { name: '2 pages', include: BESIDE_OTHERS, ...beside, server, ...patience },
      },
      {
        test: {
          name: '3 packages',
          include: ['packages/*/test/**/*.test.ts'],
          exclude: ['packages/core/**', ...KIT_RUNS],
          ...beside,
          server,
          ...patience,
        },
      },
      {
        // Pure functions and machines whose time the test moves: they may share a process.
        test: {
          name: '4 core',
          include: ['packages/core/test/**/*.test.ts'],
          isolate: false,
          ...beside,
          ...patience,
          server,
        },
      },
      {
        test: { name: '5 scripts', include: ['scripts/test/**/*.test.mjs'], ...beside },
      },
      {
        // What the published types say, checked by the compiler.
        test: {
          name: '6 types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/client-node/test/**/*.test-d.ts'],
            tsconfig: 'packages/client-node/tsconfig.json',
          },
          ...beside,
        },
      },
      {
        // Real sound and pictures in real time: alone on the machine, one after the other.
        test: {
          name: 'examples',
          include: ['examples/test/**/*.test.ts'],
          exclude: BESIDE_OTHERS,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          server,
          ...patience,
        },
      },
    ],
  },
})
