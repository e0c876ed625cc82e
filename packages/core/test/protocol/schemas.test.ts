import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import { everySchema } from './every-schema.ts'
import { eventSamples, requestSamples } from './samples.ts'

/** The data with a field that no schema has in every object in it, but for the maps, whose keys are data. */
function withUnknownFields(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withUnknownFields(item))
  if (typeof value !== 'object' || value === null) return value
  const isMap = ['limits', 'cursors', 'channels'].includes(key) || (key === 'tracks' && !('track' in value))
  const fields = Object.entries(value).map(([name, field]) => [name, withUnknownFields(field, name)])
  return Object.fromEntries(isMap ? fields : [...fields, ['fromTheFuture', { is: ['here'] }]])
}

test('every type of the protocol has a sample, and every sample a type', () => {
  expect(Object.keys(requestSamples).sort()).toEqual(Object.keys(requests).sort())
  expect(Object.keys(eventSamples).sort()).toEqual(Object.keys(events).sort())
  expect(everySchema).toHaveLength(2 * 16 + 8)
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
    const optional = ['claim', 'voice', 'limit', 'before', 'after', 'around']
    const readsLog = name === 'request log.read'
    for (const field of Object.keys(sample)) {
      if (optional.includes(field) && !(readsLog && field === 'after')) continue
      const { [field]: _, ...rest } = sample
      expect(z.safeParse(schema, rest).success, `${name} without ${field}`).toBe(false)
    }
  }
})

test('every optional field may be left out', () => {
  const accepts = (name: string, data: unknown): boolean => {
    const found = everySchema.find((one) => one.name === name)
    return found !== undefined && z.safeParse(found.schema, data).success
  }
  const { 'session.resume': resume, 'auth.register': register } = requestSamples
  expect(accepts('request session.resume', { token: resume.request.token, cursors: {} })).toBe(true)
  expect(accepts('reply session.resume', { ...resume.reply, voice: undefined })).toBe(true)
  expect(accepts('request auth.register', { ...register.request, claim: undefined })).toBe(true)
  expect(accepts('request log.read', { channel: 'general', after: 0 })).toBe(true)
  expect(accepts('request history.page', { channel: 'general' })).toBe(true)
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
