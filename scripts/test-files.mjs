/** The test files of the packages and the examples, and the rules that their titles open with. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './packages.mjs'
import { idsOf } from './rules.mjs'

const TITLE = /\b(?:test|it)(?:\.\w+)*(?:\([^'"`\n]*\))?\(\s*['"`]((?:\[[A-Z]+-\d+\])+)/g

/** In a table of `test.each`, the rows' titles. */
const ROW = /^\s*\[?\s*['"`]((?:\[[A-Z]+-\d+\])+) /gm

/** `{ file, openings }` of each: its path below the top folder, and the ids of each title that opens with some. */
export function testFiles() {
  return ['packages', 'examples']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const text = readFileSync(path, 'utf8')
      const openings = [TITLE, ROW].flatMap((one) => [...text.matchAll(one)]).map(([, opening]) => idsOf(opening))
      return { file: relative(root, path), openings }
    })
}
