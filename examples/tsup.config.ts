import { cpSync } from 'node:fs'
import { defineConfig } from 'tsup'

export default defineConfig([
  {
    entry: {
      'reference-server/main': 'reference-server/main.ts',
      'demo/main': 'demo/main.ts',
      'bot/main': 'bot/main.ts',
      'exactly-once/main': 'exactly-once/main.ts',
    },
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    clean: true,
  },
  {
    entry: { 'voice-page/page': 'voice-page/page.ts' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    tsconfig: 'tsconfig.page.json',
    noExternal: [/.*/],
    splitting: false,
    sourcemap: true,
    onSuccess: async () => {
      for (const file of ['index.html', 'page.css', 'icon.svg']) cpSync(`voice-page/${file}`, `dist/voice-page/${file}`)
      cpSync('../packages/client-web/dist/worklets', 'dist/voice-page/worklets', { recursive: true })
    },
  },
  {
    // Served by their tests only.
    entry: { 'outbox-page/page': 'outbox-page/page.ts', 'conformance-page/page': 'conformance-page/page.ts' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    tsconfig: 'tsconfig.page.json',
    noExternal: [/.*/],
    splitting: false,
    sourcemap: true,
  },
])
