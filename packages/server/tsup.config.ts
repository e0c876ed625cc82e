import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'adapters/storage/sqlite/index': 'src/adapters/storage/sqlite/index.ts',
    'adapters/storage/sqlite/worker': 'src/adapters/storage/sqlite/worker.ts',
    'cli/index': 'src/cli/index.ts',
    'cli/arclight': 'src/cli/arclight.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: { entry: ['src/index.ts', 'src/adapters/storage/sqlite/index.ts', 'src/cli/index.ts'] },
  sourcemap: true,
  clean: true,
})
