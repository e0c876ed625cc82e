import { expect, test } from 'vitest'
import { type CaseResult, reportOf } from '../../src/client/index.ts'

const RESULTS: readonly CaseResult[] = [
  { id: 'one', rules: ['CONN-1'], title: 'it connects', outcome: 'passed', durationMs: 12 },
  {
    id: 'two',
    rules: ['MSG-1', 'MSG-2'],
    title: 'a < b & "c"',
    outcome: 'failed',
    why: 'not\n\u0000 so',
    durationMs: 1_500,
  },
  { id: 'three', rules: [], title: 'it waits', outcome: 'skipped', why: 'it is slow', durationMs: 0 },
]

test('lines: one each, with why, and the count', () => {
  expect(reportOf('lines', 'mine', RESULTS).split('\n')).toEqual([
    'passed  one [CONN-1] it connects (12 ms)',
    'failed  two [MSG-1, MSG-2] a < b & "c" (1500 ms)',
    '        not',
    '        \u0000 so',
    'skipped three [] it waits (0 ms)',
    '        it is slow',
    '1 passed, 1 failed, 1 skipped',
    '',
  ])
})

test('JSON: the results as they are', () => {
  const report = JSON.parse(reportOf('json', 'mine', RESULTS))
  expect(report).toEqual({ suite: 'mine', summary: '1 passed, 1 failed, 1 skipped', results: RESULTS })
})

test('JUnit: XML that holds whatever a title or a failure holds', () => {
  expect(reportOf('junit', 'mine', RESULTS).split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuite name="mine" tests="3" failures="1" skipped="1" time="1.512">',
    '  <testcase classname="one" name="it connects" time="0.012"/>',
    '  <testcase classname="two" name="a &lt; b &amp; &quot;c&quot;" time="1.500"><failure message="not&#10;\uFFFD so"/></testcase>',
    '  <testcase classname="three" name="it waits" time="0.000"><skipped message="it is slow"/></testcase>',
    '</testsuite>',
    '',
  ])
})
