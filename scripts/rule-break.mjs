/** What breaks a rule: the smallest edits of the source after which that rule, and as far as can be no other, is broken. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testsOf } from './rules.mjs'

const FOLDER = new URL('./rule-breaks/', import.meta.url)
/** What says that the edit made no working program of it, rather than one that breaks the rule. */
const NO_PROOF = /SyntaxError|ReferenceError|is not a function|Cannot find (module|package)|Hook timed out/

/**
 * Rule id to its breaks, `{ name, edits }` each, from every file of `scripts/rule-breaks`. There a break is an edit
 * `{ file, find, replace }` or a list of them, under the rule's id; a rule of several clauses has another under its id
 * and a word: `'PROBE-2 media'`.
 */
export async function loadBreaks() {
  const breaks = new Map()
  for (const file of readdirSync(FOLDER).sort()) {
    const { default: family } = await import(new URL(file, FOLDER))
    for (const [name, edits] of Object.entries(family)) {
      const [id] = name.split(' ')
      const known = breaks.get(id) ?? []
      if (known.some((one) => one.name === name)) throw new Error(`${file}: ${name} is in another file too`)
      breaks.set(id, [...known, { name, edits: [edits].flat() }])
    }
  }
  return breaks
}

/** The text with the one place where `find` stands replaced; throws where it stands nowhere or twice. */
export function edit(text, { file, find, replace }) {
  const times = find === '' ? 0 : text.split(find).length - 1
  if (times !== 1) throw new Error(`${file}: expected to find ${JSON.stringify(find)} once, found it ${times} times`)
  if (find === replace) throw new Error(`${file}: the edit changes nothing`)
  return text.replace(find, () => replace)
}

/** What the files of a break become: path below `folder` to `{ before, after }`. Writes nothing. */
export function editFiles(folder, edits) {
  const files = new Map()
  for (const one of edits) {
    const before = files.get(one.file)?.before ?? readFileSync(join(folder, one.file), 'utf8')
    files.set(one.file, { before, after: edit(files.get(one.file)?.after ?? before, one) })
  }
  return files
}

/**
 * What a run of a rule's tests on the broken source says: `proved` by a test that fell; `survived` where all passed;
 * else `error`, since what did not even load proves nothing.
 */
export function verdict(id, report) {
  const own = testsOf(report).filter(({ ids }) => ids.includes(id))
  const fell = own.filter(({ status }) => status === 'failed')
  const proof = fell.find(({ failures }) => !NO_PROOF.test(firstLine(failures)))
  if (proof) return { outcome: 'proved', by: proof.title, why: firstLine(proof.failures) }
  if (fell.length > 0) return { outcome: 'error', why: firstLine(fell[0].failures) }
  const unloaded = report.testResults.find(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.length === 0
  })
  if (unloaded) return { outcome: 'error', why: `${unloaded.name} did not load: ${unloaded.message}` }
  const passed = own.filter(({ status }) => status === 'passed').length
  if (passed === 0) return { outcome: 'error', why: 'none of its tests ran' }
  return { outcome: 'survived', why: `all ${passed} tests that ran pass without it` }
}

function firstLine([first = ''] = []) {
  return first.includes('STACK_TRACE_ERROR') ? 'timed out' : first.split('\n', 1)[0]
}

/** `count` of the ids, the same ones for the same seed. */
export function sample(ids, count, seed) {
  const rank = (id) => createHash('sha256').update(`${seed} ${id}`).digest('hex')
  return [...ids].sort((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, count)
}

/** The `part`th of `parts` shares of the ids, dealt out in turn so that a slow family is in all of them. */
export function share(ids, part, parts) {
  return ids.filter((_, at) => at % parts === part - 1)
}
