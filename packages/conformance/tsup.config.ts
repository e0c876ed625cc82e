import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { storage: 'src/storage.ts', outbox: 'src/outbox.ts' },
  format: 'esm',
  target: 'node20',
  dts: true,
  clean: true,
  external: ['vitest'],
})
