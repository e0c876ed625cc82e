import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    // The packages are tested as they are shipped: their builds run as they are, untransformed.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'coverage/test-report.json' }]],
  },
})
