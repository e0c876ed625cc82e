/** The rules of PROTOCOL.md, and which of them a run of the tests has proved. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.mjs'

const RULE = /\*\*\[([A-Z]+-\d+)\]\*\*/g
const OPENING = /^(?:\[[A-Z]+-\d+\])+/
const ID = /\[([A-Z]+-\d+)\]/g

/** The ids of every rule, in the order of the document; an id that stands twice comes twice. */
export function ruleIds(document = readFileSync(join(root, 'PROTOCOL.md'), 'utf8')) {
  return [...document.matchAll(RULE)].map(([, id]) => id)
}

/** The ids that a test's title opens with. */
export function idsOf(title) {
  const [opening = ''] = OPENING.exec(title) ?? []
  return [...opening.matchAll(ID)].map(([, id]) => id)
}

/** The tests of a report of vitest's JSON reporter: `{ file, title, ids, status, failures, duration }`, ms. */
export function testsOf(report) {
  return report.testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages: failures = [], duration = 0 }) => {
      return { file, title, ids: idsOf(title), status, failures, duration }
    }),
  )
}

/** A sentence for each rule that no test of the report proves: only one that ran and passed does. */
export function unproved(ids, report) {
  const tests = testsOf(report)
  return ids.flatMap((id) => {
    const own = tests.filter((test) => test.ids.includes(id))
    if (own.some(({ status }) => status === 'passed')) return []
    if (own.length === 0) return [`${id}: none of its tests ran`]
    return [
      `${id}: none of its ${own.length} tests passed (${[...new Set(own.map(({ status }) => status))].join(', ')})`,
    ]
  })
}
