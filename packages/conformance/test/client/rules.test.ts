import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { clientCases, judgedRules, MISBEHAVIOURS, ruleReasons } from '../../src/client/index.ts'

const PROTOCOL = readFileSync(createRequire(import.meta.url).resolve('@arclight/core/PROTOCOL.md'), 'utf8')
const rules = [...PROTOCOL.matchAll(/\*\*\[([A-Z]+-\d+)\]\*\*/g)].map(([, id]) => id as string)
const proved = new Set<string>([...clientCases.flatMap((one) => one.rules), ...judgedRules])

test('every rule of the protocol has a case for clients, is judged on every frame, or a reason', () => {
  expect(rules.length).toBeGreaterThan(100)
  expect(rules.filter((id) => !proved.has(id) && !Object.hasOwn(ruleReasons, id))).toEqual([])
})

test('no case and no reason names a rule that there is not, and no rule has both', () => {
  expect([...proved, ...Object.keys(ruleReasons)].filter((id) => !rules.includes(id))).toEqual([])
  expect(Object.keys(ruleReasons).filter((id) => proved.has(id))).toEqual([])
})

test('cases have ids of their own, at least one rule, and at most three', () => {
  const ids = clientCases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(clientCases.filter((one) => one.rules.length === 0 || one.rules.length > 3).map(({ id }) => id)).toEqual([])
})

test('every misbehaviour is put to use by a case', () => {
  const sources = ['connection', 'control', 'closing', 'session', 'resuming', 'messages', 'voice', 'probes']
    .map((name) => readFileSync(new URL(`../../src/client/cases/${name}.ts`, import.meta.url), 'utf8'))
    .join('')
  expect(Object.keys(MISBEHAVIOURS).filter((name) => !sources.includes(`'${name}'`))).toEqual([])
})
