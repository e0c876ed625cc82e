import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'adapters/storage/sqlite/index': 'src/adapters/storage/sqlite/index.ts',
    'adapters/storage/sqlite/worker': 'src/adapters/storage/sqlite/worker.ts',
    'adapters/blobs/fs': 'src/adapters/blobs/fs.ts',
    'adapters/muxer/node-av/index': 'src/adapters/muxer/node-av/index.ts',
    'adapters/muxer/node-av/host': 'src/adapters/muxer/node-av/host.ts',
    'media-host/main': 'src/media-host/main.ts',
    'cli/index': 'src/cli/index.ts',
    'cli/arclight': 'src/cli/arclight.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: {
    entry: [
      'src/index.ts',
      'src/adapters/storage/sqlite/index.ts',
      'src/cli/index.ts',
      'src/adapters/blobs/fs.ts',
      'src/adapters/muxer/node-av/index.ts',
    ],
  },
  sourcemap: true,
  clean: true,
  external: [/^node-av/],
})
