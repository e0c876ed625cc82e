import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'audio/node-av/index': 'src/audio/node-av/index.ts',
    'video/node-av/index': 'src/video/node-av/index.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
  external: ['node-av', '@arclight/client-node'],
})
