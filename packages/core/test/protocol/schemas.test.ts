import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import { everySchema } from './every-schema.ts'
import { eventSamples, RECORDING, requestSamples } from './samples.ts'

/** Objects whose keys are data, not fields. */
const MAPS = ['limits', 'cursors', 'channels', 'tracks', 'recordings', RECORDING]

/** The fields at the top of each schema that may be left out. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  'request session.resume': ['voice', 'recordings'],
  'reply session.resume': ['voice', 'recordings'],
  'request auth.register': ['claim', 'label'],
  'request auth.login': ['label'],
  'request log.read': ['limit'],
  'request message.send': ['after'],
  'request history.page': ['before', 'after', 'around', 'limit'],
  'request recording.start': ['title'],
}

/** The data with a field that no schema has in every object in it, but for the maps. */
function withUnknownFields(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withUnknownFields(item))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [name, withUnknownFields(field, name)])
  return Object.fromEntries(MAPS.includes(key) ? fields : [...fields, ['fromTheFuture', { is: ['here'] }]])
}

function without(data: Readonly<Record<string, unknown>>, left: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([field]) => !left.includes(field)))
}

test('every type of the protocol has a sample, and every sample a type', () => {
  expect(Object.keys(requestSamples).sort()).toEqual(Object.keys(requests).sort())
  expect(Object.keys(eventSamples).sort()).toEqual(Object.keys(events).sort())
})

test('every sample fits its schema and comes through unchanged', () => {
  for (const { name, schema, sample } of everySchema) expect(z.parse(schema, sample), name).toEqual(sample)
})

test('[MSG-3] a field that no schema knows passes every schema, at every depth', () => {
  for (const { name, schema, sample } of everySchema) {
    const extended = withUnknownFields(sample)
    expect(extended, name).not.toEqual(sample)
    expect(z.safeParse(schema, extended), name).toMatchObject({ success: true })
  }
})

test('[MSG-3] what is known is read the same with unknown fields around it', () => {
  for (const { name, schema, sample } of everySchema) {
    expect(z.parse(schema, withUnknownFields(sample)), name).toEqual(sample)
  }
})

test('no schema takes data with a required field missing', () => {
  for (const { name, schema, sample = {} } of everySchema) {
    for (const field of Object.keys(sample)) {
      if (OPTIONAL[name]?.includes(field)) continue
      expect(z.safeParse(schema, without(sample, [field])).success, `${name} without ${field}`).toBe(false)
    }
  }
})

test('every optional field may be left out', () => {
  for (const { name, schema, sample = {} } of everySchema) {
    const rest = without(sample, OPTIONAL[name] ?? [])
    expect(z.parse(schema, rest), name).toEqual(rest)
  }
  expect(everySchema.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(OPTIONAL)))
})

test('[RES-1][RES-4] a resume answers "gone" for a channel, and for voice', () => {
  const reply = { ...requestSamples['session.resume'].reply, channels: { general: 'gone' }, voice: 'gone' }
  expect(z.parse(requests['session.resume'].reply, reply)).toEqual(reply)
})

test('every schema has a JSON Schema, so that other languages can check the same data', () => {
  for (const { name, schema } of everySchema) {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' })
    expect(json, name).toMatchObject({ type: 'object' })
  }
})

test('no JSON Schema forbids fields that it does not know', () => {
  for (const { name, schema } of everySchema) {
    const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }))
    expect(json, name).not.toContain('"additionalProperties":false')
  }
})
