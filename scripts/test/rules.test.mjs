import { expect, test } from 'vitest'
import { idsOf, ruleIds, unproved } from '../rules.mjs'

function report(...tests) {
  return {
    testResults: [{ name: 'some.test.ts', assertionResults: tests.map(([title, status]) => ({ title, status })) }],
  }
}

test('a rule is what stands in bold brackets; a mention is none', () => {
  expect(ruleIds('- **[MSG-1]** One.\n- **[MSG-2]** As MSG-1, or [MSG-3].')).toEqual(['MSG-1', 'MSG-2'])
})

test('a title proves the ids that it opens with, and none that it mentions later', () => {
  expect(idsOf('[MSG-1][MSG-2] not like [MSG-3]')).toEqual(['MSG-1', 'MSG-2'])
  expect(idsOf('as [MSG-1] says')).toEqual([])
})

test('a rule is proved by a test that passed, even beside one that did not', () => {
  expect(unproved(['MSG-1'], report(['[MSG-1] one', 'failed'], ['[MSG-1] two', 'passed']))).toEqual([])
})

test('neither a skipped nor a failed test proves a rule, nor does another rule’s', () => {
  const run = report(['[MSG-1] one', 'skipped'], ['[MSG-2] two', 'failed'], ['[MSG-4] three', 'passed'])
  expect(unproved(['MSG-1', 'MSG-2', 'MSG-3'], run)).toEqual([
    'MSG-1: none of its 1 tests passed (skipped)',
    'MSG-2: none of its 1 tests passed (failed)',
    'MSG-3: none of its tests ran',
  ])
})
