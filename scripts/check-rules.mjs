/**
 * Ties PROTOCOL.md to the tests: each rule has a test whose title opens with its id, each id that a title opens with
 * is a rule, and no title names more than three. With `--report`, each rule has a test that ran and passed in the last
 * full run.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './packages.mjs'
import { idsOf, ruleIds, unproved } from './rules.mjs'

const MOST_IDS = 3
const REPORT = 'coverage/test-report.json'
const TITLE = /\b(?:test|it)(?:\.\w+)*(?:\([^'"`\n]*\))?\(\s*['"`]((?:\[[A-Z]+-\d+\])+)/g

const rules = ruleIds()
const problems = rules.filter((id, at) => rules.indexOf(id) !== at).map((id) => `${id} stands twice in PROTOCOL.md`)
const proved = new Set()

const testFiles = ['packages', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
  .map((entry) => join(entry.parentPath, entry.name))

for (const file of testFiles) {
  for (const [, opening] of readFileSync(file, 'utf8').matchAll(TITLE)) {
    const ids = idsOf(opening)
    const where = relative(root, file)
    if (ids.length > MOST_IDS) problems.push(`${where}: ${ids.length} ids in one title, at most ${MOST_IDS}`)
    for (const id of ids) {
      proved.add(id)
      if (!rules.includes(id)) problems.push(`${where}: a test names ${id}, which PROTOCOL.md does not have`)
    }
  }
}
for (const id of rules) if (!proved.has(id)) problems.push(`${id} has no test`)
if (process.argv.includes('--report')) problems.push(...unproved(rules, JSON.parse(readFileSync(join(root, REPORT)))))

for (const problem of problems) console.error(problem)
console.error(`${rules.length} rules, ${proved.size} of them named by tests in ${testFiles.length} files`)
process.exitCode = problems.length > 0 || rules.length === 0 ? 1 : 0
