import { expect, test } from 'vitest'
import { type CaseResult, defineCase } from '../src/case.ts'
import { CaseFailure, checkEqual, checkHas, checkThat, shown } from '../src/check.ts'
import { FrameLog } from '../src/frame-log.ts'
import { htmlReport } from '../src/report/html.ts'
import { junitReport } from '../src/report/junit.ts'

function result(id: string, outcome: CaseResult['outcome'], reason = ''): CaseResult {
  const frames = outcome === 'failed' ? ['+0.001 mei → <script>"&"\ud800</script>'] : []
  return { id, rules: [id.split('.', 1)[0] ?? ''], title: `title of ${id}`, outcome, reason, milliseconds: 12, frames }
}

const results = [
  result('AUTH-1.one', 'passed'),
  result('AUTH-1.two', 'failed', 'expected <a>; came "b" & c'),
  result('SEND-1.one', 'passed'),
  result('REC-1.one', 'skipped', 'no recording'),
]
const report = { url: 'ws://x', results, passed: 2, failed: 1, skipped: 1, milliseconds: 1_500, aborted: false }

test('the page names the rules that failed and passed, and nothing that a server sent is markup in it', () => {
  const page = htmlReport(report)
  expect(page).toContain('<p class="failed">AUTH-1</p>')
  expect(page).toContain('<p class="passed">SEND-1</p>')
  expect(page).toContain('<p class="skipped">REC-1</p>')
  expect(page).toContain('expected &lt;a&gt;; came &quot;b&quot; &amp; c')
  expect(page).toContain('&lt;script&gt;&quot;&amp;&quot;\ufffd&lt;/script&gt;')
  expect(page).not.toMatch(/<script|https?:|<link|\son\w+=/)
})

test('JUnit counts and escapes', () => {
  const xml = junitReport(report)
  expect(xml).toContain('<testsuites tests="4" failures="1" skipped="1" errors="0" time="1.500">')
  expect(xml).toContain('<failure message="expected &lt;a&gt;; came &quot;b&quot; &amp; c">')
  expect(xml).toContain('<skipped message="no recording"/>')
})

test('what opens an account stands in no report', () => {
  const log = new FrameLog()
  log.sent('mei', '{"id":1,"type":"auth.login","data":{"name":"mei","password":"se\\"cret","claim":"ABCD"}}')
  log.came('mei', '{"re":1,"data":{"token":"t0ken","path":"/recordings/1?until=3&sign=s1gn"}}')
  expect(log.lines.join('\n')).not.toMatch(/cret|ABCD|t0ken|s1gn/)
  expect(shown({ token: 't0ken', name: 'mei' })).toBe('{"token":"…","name":"mei"}')
})

test('a failure says what was expected and what came', () => {
  expect(() => checkThat(false, 'a close', { code: 1 })).toThrow(new CaseFailure('expected a close; came {"code":1}'))
  expect(() => checkEqual([1], [2], 'the seqs')).toThrow('expected the seqs to be [2]; came [1]')
  expect(() => checkHas({ a: { b: 1 } }, { a: { b: 2 } }, 'it')).toThrow('expected it to have {"a":{"b":2}}; came')
  checkHas({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 1 }, d: [1] }, 'it')
})

test('a case id opens with its rule', () => {
  expect(defineCase('AUTH-2.wrong-password', 't', { also: ['AUTH-7'] }, async () => {}).rules).toEqual([
    'AUTH-2',
    'AUTH-7',
  ])
  for (const id of ['AUTH-2', 'auth-2.x', 'AUTH.x', 'AUTH-2.Wrong']) {
    expect(() => defineCase(id, 't', {}, async () => {})).toThrow('expected a case id')
  }
})
