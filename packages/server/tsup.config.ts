import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

const common: Options = { format: 'esm', target: 'node20', sourcemap: true }

/**
 * SQLite's worker with what it imports inside: Kysely's three hundred modules, read one by one, are four fifths of what
 * a store takes to open.
 */
const worker: Options = {
  ...common,
  entry: { 'adapters/storage/sqlite/worker': 'src/adapters/storage/sqlite/worker.ts' },
  // Of zod nothing is left.
  noExternal: ['kysely', /^@arclight\/core/, /^zod/],
  banner: { js: `/* With Kysely (https://kysely.dev) inside:\n${readFileSync(licenceOf('kysely'), 'utf8')}*/` },
}

const rest: Options = {
  ...common,
  entry: {
    index: 'src/index.ts',
    'adapters/storage/sqlite/index': 'src/adapters/storage/sqlite/index.ts',
    'adapters/storage/postgres/index': 'src/adapters/storage/postgres/index.ts',
    'adapters/blobs/fs': 'src/adapters/blobs/fs.ts',
    'adapters/auth/jwt': 'src/adapters/auth/jwt.ts',
    'adapters/auth/oidc': 'src/adapters/auth/oidc.ts',
    'adapters/images/sharp/index': 'src/adapters/images/sharp/index.ts',
    'adapters/images/sharp/host': 'src/adapters/images/sharp/host.ts',
    'adapters/muxer/node-av/index': 'src/adapters/muxer/node-av/index.ts',
    'adapters/muxer/node-av/host': 'src/adapters/muxer/node-av/host.ts',
    'media-host/main': 'src/media-host/main.ts',
    'cli/index': 'src/cli/index.ts',
    'cli/arclight': 'src/cli/arclight.ts',
  },
  dts: {
    entry: [
      'src/index.ts',
      'src/adapters/storage/sqlite/index.ts',
      'src/adapters/storage/postgres/index.ts',
      'src/cli/index.ts',
      'src/adapters/blobs/fs.ts',
      'src/adapters/auth/jwt.ts',
      'src/adapters/auth/oidc.ts',
      'src/adapters/images/sharp/index.ts',
      'src/adapters/muxer/node-av/index.ts',
    ],
  },
  external: [/^node-av/, 'sharp', 'jose', 'openid-client'],
}

/** Where a dependency's licence stands. */
function licenceOf(name: string): URL {
  return new URL('../../LICENSE', import.meta.resolve(name))
}

export default defineConfig([worker, rest])
