import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    'cli/main': 'src/cli/main.ts',
    'client/index': 'src/client/index.ts',
    'core-driver': 'src/core-driver.ts',
    outbox: 'src/outbox.ts',
    'proxy/index': 'src/proxy/index.ts',
    storage: 'src/storage.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: true,
  clean: true,
  external: ['vitest'],
})
