import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { edit, editFiles, sample, share, verdict } from '../rule-break.mjs'

const IDS = Array.from({ length: 10 }, (_, at) => `MSG-${at + 1}`)

function run(...assertionResults) {
  return { testResults: [{ name: 'some.test.ts', status: 'passed', assertionResults }] }
}

function failed(title, message) {
  return { title, status: 'failed', failureMessages: [`${message}\n    at some.test.ts:1:1`] }
}

test('an edit replaces the one place where its text stands, and takes no $ for a pattern', () => {
  expect(edit('one two', { file: 'a.ts', find: 'two', replace: '$& three' })).toBe('one $& three')
})

test('an edit whose text stands nowhere or twice, or that changes nothing, is an error that names the file', () => {
  const by = (find, replace = 'x') => edit('one one two', { file: 'a.ts', find, replace })
  expect(() => by('three')).toThrow('a.ts: expected to find "three" once, found it 0 times')
  expect(() => by('one')).toThrow('a.ts: expected to find "one" once, found it 2 times')
  expect(() => by('')).toThrow('found it 0 times')
  expect(() => by('two', 'two')).toThrow('a.ts: the edit changes nothing')
})

test('several edits of one file add up, and what was there before is known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arclight-edits-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.ts'), 'one two')
  const edits = [
    { file: 'a.ts', find: 'one', replace: '1' },
    { file: 'a.ts', find: 'two', replace: '2' },
  ]
  expect([...editFiles(folder, edits)]).toEqual([['a.ts', { before: 'one two', after: '1 2' }]])
})

test('a test of the rule that falls proves it', () => {
  const report = run({ title: '[MSG-1] one', status: 'passed' }, failed('[MSG-1][MSG-2] two', 'AssertionError: no'))
  expect(verdict('MSG-1', report)).toEqual({ outcome: 'proved', by: '[MSG-1][MSG-2] two', why: 'AssertionError: no' })
})

test('a break that no test of the rule notices survives, whatever other tests do', () => {
  const report = run({ title: '[MSG-1] one', status: 'passed' }, failed('[MSG-2] two', 'AssertionError: no'))
  expect(verdict('MSG-1', report)).toMatchObject({ outcome: 'survived' })
})

test('what does not load, does not run, or fails for want of a program proves nothing', () => {
  const unloaded = { name: 'some.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }
  expect(verdict('MSG-1', { testResults: [unloaded] })).toMatchObject({ outcome: 'error' })
  expect(verdict('MSG-1', run({ title: '[MSG-1] one', status: 'skipped' }))).toMatchObject({ outcome: 'error' })
  const reference = run(failed('[MSG-1] one', 'ReferenceError: x is not defined'))
  expect(verdict('MSG-1', reference)).toMatchObject({ outcome: 'error' })
})

test('a sample is the same for the same seed, and another for another', () => {
  expect(sample(IDS, 3, 'a')).toEqual(sample([...IDS].reverse(), 3, 'a'))
  expect(sample(IDS, 3, 'a')).not.toEqual(sample(IDS, 3, 'b'))
  expect(new Set(sample(IDS, 10, 'a'))).toEqual(new Set(IDS))
})

test('the shares of the rules hold each once', () => {
  const shares = [1, 2, 3].map((part) => share(IDS, part, 3))
  expect(shares.map(({ length }) => length)).toEqual([4, 3, 3])
  expect(new Set(shares.flat())).toEqual(new Set(IDS))
})
