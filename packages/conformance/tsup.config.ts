import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { storage: 'src/storage.ts', outbox: 'src/outbox.ts', server: 'src/server/index.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  target: 'node20',
  dts: { entry: { storage: 'src/storage.ts', outbox: 'src/outbox.ts', server: 'src/server/index.ts' } },
  clean: true,
  external: ['vitest'],
})
