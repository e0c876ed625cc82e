import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { defineConfig } from 'tsup'
import { jsonSchemas } from './build/json-schemas.ts'

const folders = [
  'protocol',
  'codec',
  'state',
  'media',
  'client',
  'contracts',
  'text',
  'testing',
  'transport-ws',
  'uploads-tus',
]

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(folders.map((folder) => [`${folder}/index`, `src/${folder}/index.ts`])),
  },
  format: 'esm',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  tsconfig: 'tsconfig.edge.json',
  onSuccess: async () => {
    copyFileSync('../../PROTOCOL.md', 'dist/PROTOCOL.md')
    mkdirSync('dist/schemas', { recursive: true })
    for (const [name, schema] of Object.entries(jsonSchemas('vectors'))) {
      writeFileSync(`dist/schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`)
    }
  },
})
