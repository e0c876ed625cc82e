/** Everything that can be checked without running the product: style, types, arrows, rules, PROTOCOL.md, hygiene. */
import { bin, runNode } from './run.mjs'

const checks = [
  ['style', [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  ['types', ['scripts/typecheck.mjs']],
  [
    'arrows',
    [
      bin('dependency-cruiser', 'bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'packages',
      'examples',
    ],
  ],
  ['rules', ['scripts/check-rules.mjs']],
  ['docs', ['scripts/check-docs.mjs']],
  ['protocol', ['scripts/write-protocol.mjs', '--check']],
  ['hygiene', ['scripts/check-hygiene.mjs']],
]

for (const [name, command] of checks) {
  const code = await runNode(command)
  console.error(`${code === 0 ? 'ok' : 'FAILED'}  ${name}`)
  if (code !== 0) process.exitCode = 1
}
