import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** What is built, in the order in which it can be: folder, the folders it is made of, what it needs built first. */
export const packages = [
  {
    folder: 'packages/core',
    inputs: ['src', 'build', 'vectors', 'tsup.config.ts', 'package.json', '../../PROTOCOL.md'],
    needs: [],
  },
  { folder: 'packages/conformance', inputs: ['src', 'tsup.config.ts', 'package.json'], needs: ['packages/core'] },
  { folder: 'packages/server', inputs: ['src', 'tsup.config.ts', 'package.json'], needs: ['packages/core'] },
  { folder: 'packages/client-node', inputs: ['src', 'tsup.config.ts', 'package.json'], needs: ['packages/core'] },
  { folder: 'packages/client-web', inputs: ['src', 'tsup.config.ts', 'package.json'], needs: ['packages/core'] },
  {
    folder: 'examples',
    inputs: [
      'reference-server',
      'voice-page',
      'outbox-page',
      'conformance-page',
      'demo',
      'bot',
      'exactly-once',
      'tsup.config.ts',
      'package.json',
    ],
    needs: ['packages/core', 'packages/conformance', 'packages/server', 'packages/client-node', 'packages/client-web'],
  },
]

/** The files that make up `path`, sorted; none where it does not exist. */
function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** A hash of everything that goes into a package's build, what it needs included. */
export function inputHash({ folder, inputs, needs }) {
  const hash = createHash('sha256')
  for (const need of needs) hash.update(inputHash(packages.find((one) => one.folder === need)))
  for (const file of inputs.flatMap((input) => filesIn(join(root, folder, input)))) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}
