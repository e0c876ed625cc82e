import { defineConfig } from 'vitest/config'

// The packages are tested as they are shipped: their builds run as they are, untransformed.
const server = { deps: { external: [/\/packages\/[^/]+\/dist\//] } }
const patience = { testTimeout: 20_000, hookTimeout: 30_000 }

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'coverage/test-report.json' }]],
    projects: [
      {
        test: { name: 'scripts', include: ['scripts/test/**/*.test.mjs'], maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        test: {
          name: 'packages',
          include: ['packages/*/test/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          server,
          ...patience,
        },
      },
      {
        // Real sound and pictures in real time: alone on the machine, one after the other.
        test: {
          name: 'examples',
          include: ['examples/test/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          server,
          ...patience,
        },
      },
    ],
  },
})
