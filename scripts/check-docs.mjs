/**
 * Every block of TypeScript in the README and the guides is code: `ts from <file>` is an excerpt of a file that a test
 * runs, any other is checked by the compiler, with the names that `docs/blocks.d.ts` says the reader has.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { blocksOf, isExcerpt, moduleOf } from './docs-blocks.mjs'
import { root } from './packages.mjs'
import { bin, runNode } from './run.mjs'

const out = join(root, 'docs/dist')
const markdown = (folder) => readdirSync(join(root, folder)).filter((file) => file.endsWith('.md'))
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  ...markdown('docs').map((file) => `docs/${file}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
]

await build()
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
let count = 0
for (const page of pages) {
  for (const block of blocksOf(readFileSync(join(root, page), 'utf8'))) {
    count += 1
    if (block.source === undefined) {
      writeFileSync(join(out, `${page.replaceAll('/', '.')}.${block.line}.ts`), moduleOf(block))
    } else if (!isExcerpt(block.text, readFileSync(join(root, block.source), 'utf8'))) {
      console.error(`${page}:${block.line}: the block does not stand in ${block.source}`)
      process.exitCode = 1
    }
  }
}
const code = await runNode([bin('typescript', 'bin/tsc'), '--project', 'docs'])
console.error(`${count} blocks looked at`)
process.exitCode ||= code
