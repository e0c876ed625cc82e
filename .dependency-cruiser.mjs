/**
 * The only arrows (ARCHITECTURE.md). Everything else is forbidden, so that the folders say what the architecture is.
 * Inside core: errors, time <- protocol <- codec, state, media <- client; contracts hold interfaces only.
 */
const core = (folder) => `^packages/core/src/${folder}/`

/** Files of `from` may import, of core, only `allowed` folders and their own. */
function coreLayer(from, allowed) {
  const open = [from, ...allowed].join('|')
  return {
    name: `core-${from}`,
    severity: 'error',
    comment: `core/${from} may use only: ${allowed.join(', ') || 'nothing else of core'}`,
    from: { path: core(from) },
    to: { path: '^packages/core/src/', pathNot: `^packages/core/src/(${open})/` },
  }
}

/** `from` may import no other package's files by path, and only the named packages of ours. */
function packageLayer(from, allowed) {
  const open = [from, ...allowed].join('|')
  return {
    name: `package-${from}`,
    severity: 'error',
    comment: `${from} may use only: ${allowed.join(', ')}`,
    from: { path: `^packages/${from}/src/` },
    to: { path: '^(packages|examples|benchmarks)/', pathNot: `^packages/(${open})/` },
  }
}

export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: 'src/' },
      to: { couldNotResolve: true, pathNot: '^@arclight/' },
    },
    coreLayer('errors', []),
    coreLayer('time', []),
    coreLayer('protocol', ['errors', 'time']),
    coreLayer('codec', ['errors', 'time', 'protocol']),
    coreLayer('state', ['errors', 'time', 'protocol', 'codec']),
    coreLayer('media', ['errors', 'time', 'protocol', 'codec']),
    coreLayer('contracts', ['errors', 'time', 'protocol']),
    coreLayer('client', ['errors', 'time', 'protocol', 'codec', 'state', 'media', 'contracts']),
    coreLayer('transport-ws', ['client']),
    coreLayer('uploads-tus', ['errors', 'contracts']),
    coreLayer('testing', ['errors', 'time', 'protocol', 'codec', 'client', 'contracts']),
    {
      name: 'core-is-pure',
      severity: 'error',
      comment:
        'one file for sockets and one for uploads: no Node module and no library but zod, eventemitter3 and a package of types in core',
      from: { path: '^packages/core/src/', pathNot: '^packages/core/src/(transport-ws|uploads-tus)/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional'],
        pathNot: 'node_modules/(zod|eventemitter3|@standard-schema/spec)/',
      },
    },
    packageLayer('core', []),
    packageLayer('conformance', ['core']),
    packageLayer('server', ['core']),
    packageLayer('client-node', ['core']),
    packageLayer('client-web', ['core']),
    {
      name: 'server-knows-no-ws',
      severity: 'error',
      comment: 'the server knows a Socket of its own; ws stays in its adapter',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/adapters/socket/' },
      to: { path: 'node_modules/ws/' },
    },
    {
      name: 'native-audio-in-its-adapter',
      severity: 'error',
      from: { path: '^packages/client-node/src/', pathNot: '^packages/client-node/src/(audio|video)/node-av/' },
      to: { path: 'node_modules/node-av/' },
    },
    {
      name: 'adapters-know-contracts',
      severity: 'error',
      comment: 'an adapter imports the contracts and its own library',
      from: { path: '^packages/server/src/adapters/(storage|blobs|muxer|images)/' },
      to: { path: '^packages/server/src/', pathNot: '^packages/server/src/adapters/$1/' },
    },
    {
      name: 'native-muxer-in-its-adapter',
      severity: 'error',
      comment: 'native code never runs in the server’s own process',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/adapters/muxer/node-av/' },
      to: { path: 'node_modules/node-av/' },
    },
    {
      name: 'native-images-in-their-adapter',
      severity: 'error',
      comment: 'native code never runs in the server’s own process',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/adapters/images/sharp/host.ts$' },
      to: { path: 'node_modules/sharp/' },
    },
    {
      name: 'tus-in-one-file',
      severity: 'error',
      comment: 'uploads know offsets and bytes; the protocol that carries them stays in one file',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/uploads/tus.ts$' },
      to: { path: 'node_modules/@tus/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/test/', 'tsup.config.ts', '^(packages/[^/]+|examples)/dist/.*-[A-Z0-9]{8}[.]js'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
}
