import { defineConfig } from 'tsup'

const suites = ['audio-codec', 'audio-sink', 'audio-source', 'blobs', 'muxer', 'outbox', 'recording-source', 'tokens']

export default defineConfig({
  entry: {
    cli: 'src/cli/main.ts',
    server: 'src/server/index.ts',
    'client/index': 'src/client/index.ts',
    'core-driver': 'src/core-driver.ts',
    'fuzz/index': 'src/fuzz/index.ts',
    'proxy/index': 'src/proxy/index.ts',
    storage: 'src/storage/index.ts',
    ...Object.fromEntries(suites.map((name) => [name, `src/${name}.ts`])),
  },
  format: 'esm',
  target: 'node20',
  dts: true,
  clean: true,
  external: ['vitest'],
})
