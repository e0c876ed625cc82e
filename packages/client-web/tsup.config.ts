import { defineConfig } from 'tsup'

export default defineConfig([
  {
    entry: { index: 'src/index.ts' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    dts: true,
    sourcemap: true,
    clean: true,
  },
  {
    // An audio thread loads one file: everything it needs is in it.
    entry: { 'worklets/capture': 'src/worklets/capture.ts', 'worklets/playout': 'src/worklets/playout.ts' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    tsconfig: 'tsconfig.worklets.json',
    noExternal: [/@arclight\/core/],
    splitting: false,
    sourcemap: true,
  },
])
