/**
 * Ties PROTOCOL.md to the tests: each rule has a test whose title opens with its id, each id that a title opens with
 * is a rule, and no title names more than three. Each rule has a break that fits the code (`scripts/break-rules.mjs`
 * sees its tests fall), and the kit's mutants fit it too. With `--report`, each rule has a test that ran and passed in
 * the last full run.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadMutants } from './kit-mutants.mjs'
import { root } from './packages.mjs'
import { editFiles, loadBreaks } from './rule-break.mjs'
import { ruleIds, unproved } from './rules.mjs'
import { testFiles } from './test-files.mjs'

const MOST_IDS = 3
const REPORT = 'coverage/test-report.json'

const rules = ruleIds()
const problems = rules.filter((id, at) => rules.indexOf(id) !== at).map((id) => `${id} stands twice in PROTOCOL.md`)
const proved = new Set()

const files = testFiles()
for (const { file, openings } of files) {
  for (const ids of openings) {
    if (ids.length > MOST_IDS) problems.push(`${file}: ${ids.length} ids in one title, at most ${MOST_IDS}`)
    for (const id of ids) {
      proved.add(id)
      if (!rules.includes(id)) problems.push(`${file}: a test names ${id}, which PROTOCOL.md does not have`)
    }
  }
}
for (const id of rules) if (!proved.has(id)) problems.push(`${id} has no test`)

const breaks = await loadBreaks()
for (const id of rules) if (!breaks.has(id)) problems.push(`${id} has no break in scripts/rule-breaks`)
for (const [id, own] of breaks) {
  if (!rules.includes(id)) problems.push(`scripts/rule-breaks breaks ${id}, which PROTOCOL.md does not have`)
  for (const { name, edits } of own) tryEdits(`the break of ${name}`, edits)
}
for (const [name, edits] of await loadMutants()) tryEdits(`the mutant ${name}`, edits)
if (process.argv.includes('--report')) problems.push(...unproved(rules, JSON.parse(readFileSync(join(root, REPORT)))))

/** A break that no longer fits the source proves nothing, which is better said now than in its long run. */
function tryEdits(what, edits) {
  try {
    editFiles(root, edits)
  } catch (error) {
    problems.push(`${what} does not apply: ${error.message}`)
  }
}

for (const problem of problems) console.error(problem)
console.error(`${rules.length} rules, ${proved.size} of them named by tests in ${files.length} files`)
process.exitCode = problems.length > 0 || rules.length === 0 ? 1 : 0
