/** Checks the types of every package, its tests included, and of the benches. */
import { build } from './build.mjs'
import { bin, runNode } from './run.mjs'

const projects = [
  'packages/core/tsconfig.json',
  'packages/core/tsconfig.edge.json',
  'packages/conformance',
  'packages/server',
  'packages/client-node',
  'packages/client-web',
  'benchmarks',
  'examples',
  'examples/tsconfig.page.json',
  'examples/tsconfig.test.json',
  'packages/client-web/tsconfig.worklets.json',
  'packages/client-web/tsconfig.test.json',
]

await build()
for (const project of projects) {
  const code = await runNode([bin('typescript', 'bin/tsc'), '--project', project])
  if (code !== 0) process.exitCode = code
}
