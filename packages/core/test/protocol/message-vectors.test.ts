import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemas } from '../../build/json-schemas.ts'
import { type JsonSchema, schemaFields } from '../../build/schema-fields.ts'
import { shapes } from '../../build/shapes.ts'
import { ERROR_CODES } from '../../src/errors/error-code.ts'
import { CAPABILITIES } from '../../src/protocol/capabilities.ts'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import shapeVectors from '../../vectors/shapes.json' with { type: 'json' }
import { everySchema } from './every-schema.ts'
import { eventVectors, requestVectors } from './message-vectors.ts'
import { protocolText } from './protocol-text.ts'
import { VECTORS } from './vector-folder.ts'

const json = jsonSchemas(VECTORS)
const vectors = [...Object.entries(requestVectors), ...Object.entries(eventVectors)]

/** Each path once, for a message that says which is missing. */
function paths(schema: JsonSchema): string[] {
  return [...new Set(schemaFields(schema).map(({ path }) => path))].sort()
}

/** Whether the data has the field, in any item, at any key. */
function has(data: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return data !== undefined
  if (typeof data !== 'object' || data === null) return false
  if (step === '[]' || step === '*') return Object.values(data).some((item) => has(item, rest))
  return step in data && has((data as Record<string, unknown>)[step], rest)
}

function steps(path: string): string[] {
  return path.replaceAll('[]', '.[]').split('.')
}

test('vectors/messages has an entry for every type, in the file of its family, and no other', () => {
  for (const file of readdirSync(join(VECTORS, 'messages'))) {
    const family = JSON.parse(readFileSync(join(VECTORS, 'messages', file), 'utf8')) as Record<string, object>
    for (const type of [...Object.keys(family.requests ?? {}), ...Object.keys(family.events ?? {})]) {
      expect(`${type.split('.')[0]}.json`, `${type} stands in ${file}`).toBe(file)
    }
  }
  const missing = 'vectors/messages/<family>.json against the protocol: add what is missing'
  expect(Object.keys(requestVectors).sort(), missing).toEqual(Object.keys(requests).sort())
  expect(Object.keys(eventVectors).sort(), missing).toEqual(Object.keys(events).sort())
})

test.for(everySchema)('every field has a description and every description a field: $name', ({ file, fields }) => {
  const described = Object.keys(fields).sort()
  expect(described, `"fields" of ${file} in vectors/messages against the schema's fields`).toEqual(
    paths(json[file] as JsonSchema),
  )
})

test('every field of every shape has a description, and every description a field', () => {
  expect(Object.keys(shapeVectors.shapes).sort(), 'vectors/shapes.json against build/shapes.ts').toEqual(
    Object.keys(shapes).sort(),
  )
  const definitions = Object.assign({}, ...Object.values(json).map(({ $defs }) => $defs)) as Record<string, JsonSchema>
  for (const [shape, { fields }] of Object.entries(shapeVectors.shapes)) {
    expect(Object.keys(fields).sort(), shape).toEqual(paths(definitions[shape] as JsonSchema))
  }
})

test.for(everySchema)('every field stands in a good example, every optional one is left out in one: $name', (one) => {
  const { file, good } = one
  expect(good.length, 'good examples').toBeGreaterThan(0)
  for (const { path, required } of schemaFields(json[file] as JsonSchema)) {
    const with_ = good.filter((data) => has(data, steps(path)))
    expect(with_.length, `no good example of ${file} has ${path}`).toBeGreaterThan(0)
    if (!required) expect(good.length, `every good example of ${file} has ${path}`).toBeGreaterThan(with_.length)
  }
})

test('every request and every event has a bad example', () => {
  for (const [type, { bad }] of vectors) expect(bad.length, `${type} has no bad example`).toBeGreaterThan(0)
})

test('every type says its direction, its rules, its errors and its capability in words that exist', () => {
  const rules = [...protocolText().matchAll(/\*\*\[([A-Z]+-\d+)\]\*\*/g)].map(([, id]) => id)
  for (const [type, { direction, rules: named, summary }] of vectors) {
    expect(direction, type).toBe(type in requests ? 'client to server' : 'server to client')
    expect(summary, type).toMatch(/^[A-Z].*\.$/)
    expect(named.length, `${type} names no rule`).toBeGreaterThan(0)
    expect(rules, `${type} names a rule that PROTOCOL.md does not have`).toEqual(expect.arrayContaining([...named]))
  }
  for (const [type, { errors, authentication, capability }] of Object.entries(requestVectors)) {
    expect(ERROR_CODES, `${type} names an error that does not exist`).toEqual(
      expect.arrayContaining(Object.keys(errors)),
    )
    expect(['required', 'authenticates'], type).toContain(authentication)
    expect(CAPABILITIES, type).toContain(capability)
  }
})

test('what no schema says is said by a rule', () => {
  for (const { name, bad } of everySchema) {
    for (const { meaning, beyondSchema } of bad) {
      if (beyondSchema) expect(protocolText(), `${name}: ${meaning}`).toContain(`**[${beyondSchema}]**`)
    }
  }
})

test('exactly the entries of a log have a channel and a seq beside their data', () => {
  for (const [type, { entry = false, good }] of Object.entries(eventVectors)) {
    for (const { channel, seq } of good) {
      expect([channel !== undefined, seq !== undefined], type).toEqual([entry, entry])
    }
  }
})
