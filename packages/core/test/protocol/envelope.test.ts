import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DecodeError } from '../../src/errors/decode-error.ts'
import { parseRequest, parseServerEnvelope } from '../../src/protocol/envelope.ts'
import { caught } from '../caught.ts'

/** Text of which much is JSON, and much of that nearly an envelope. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .dictionary(fc.constantFrom('id', 're', 'type', 'data', 'error', 'channel', 'seq', '__proto__'), fc.jsonValue())
    .map((value) => JSON.stringify(value)),
)

function reasonOf(run: () => unknown): string | undefined {
  const error = caught(run)
  return error instanceof DecodeError ? error.reason : undefined
}

test('a request is read with its id, type and data', () => {
  const text = '{"id":7,"type":"message.send","data":{"text":"hello"}}'
  expect(parseRequest(text)).toEqual({ id: 7, type: 'message.send', data: { text: 'hello' } })
})

test('a request without data has none to check: an empty object', () => {
  expect(parseRequest('{"id":0,"type":"channel.list"}')).toEqual({ id: 0, type: 'channel.list', data: {} })
  expect(parseRequest('{"id":0,"type":"channel.list","data":null}').data).toEqual({})
})

test('[MSG-3] fields of an envelope that nobody knows are left behind', () => {
  const text = '{"id":1,"type":"channel.list","data":{},"trace":"abc","re":5}'
  expect(parseRequest(text)).toEqual({ id: 1, type: 'channel.list', data: {} })
})

test('[BAD-1] a text that is no JSON object is no request', () => {
  for (const text of ['', '{', 'hello', '[]', '[{"id":1,"type":"a"}]', '5', '"a"', 'null', 'true']) {
    expect(
      reasonOf(() => parseRequest(text)),
      text,
    ).toBe('json')
  }
})

test('[BAD-1] an object without a usable id or type is no request', () => {
  const bad = ['{}', '{"id":1}', '{"type":"a"}', '{"id":"1","type":"a"}', '{"id":-1,"type":"a"}']
  const worse = ['{"id":1.5,"type":"a"}', '{"id":9007199254740992,"type":"a"}', '{"id":1,"type":5}']
  for (const text of [...bad, ...worse])
    expect(
      reasonOf(() => parseRequest(text)),
      text,
    ).toBe('envelope')
})

test('the message of an unreadable request says what was expected', () => {
  const messageOf = (text: string): string => (caught(() => parseRequest(text)) as DecodeError).message
  expect(messageOf('nope')).toBe('expected a JSON object in a text frame')
  expect(messageOf('{"type":"a"}')).toBe('expected "id", a non-negative integer')
  expect(messageOf('{"id":1}')).toBe('expected "type", a string')
})

test('a JSON error is kept as the cause', () => {
  expect((caught(() => parseRequest('{')) as DecodeError).cause).toBeInstanceOf(SyntaxError)
})

test('a reply with data is read', () => {
  const envelope = parseServerEnvelope('{"re":7,"data":{"track":1}}')
  expect(envelope).toEqual({ is: 'reply', reply: { re: 7, data: { track: 1 } } })
})

test('a reply with an error is read', () => {
  const error = { code: 'rate_limited', message: 'too many', retryable: true, retryAfterMs: 500 }
  const envelope = parseServerEnvelope(JSON.stringify({ re: 7, error }))
  expect(envelope).toEqual({ is: 'reply', reply: { re: 7, error } })
})

test('an event is read', () => {
  const envelope = parseServerEnvelope('{"type":"voice.left","data":{"channel":"a","member":"b"}}')
  expect(envelope).toEqual({ is: 'event', event: { type: 'voice.left', data: { channel: 'a', member: 'b' } } })
})

test('an entry of a log is an event with its channel and seq', () => {
  const entry = { type: 'message.created', channel: 'general', seq: 42, data: {} }
  expect(parseServerEnvelope(JSON.stringify(entry))).toEqual({ is: 'event', event: entry })
})

test('what is neither reply nor event is refused', () => {
  for (const text of ['', '[]', 'null', '7', 'x'])
    expect(
      reasonOf(() => parseServerEnvelope(text)),
      text,
    ).toBe('json')
  const bad = [
    '{}',
    '{"re":"7"}',
    '{"re":1.5}',
    '{"type":5}',
    '{"re":7,"error":null}',
    '{"re":7,"error":"no"}',
    '{"re":7,"error":{"code":5,"message":"no"}}',
    '{"re":7,"error":{"code":"internal"}}',
    '{"type":"a","channel":"general"}',
    '{"type":"a","seq":5}',
    '{"type":"a","channel":5,"seq":5}',
    '{"type":"a","channel":"general","seq":"5"}',
  ]
  for (const text of bad)
    expect(
      reasonOf(() => parseServerEnvelope(text)),
      text,
    ).toBe('envelope')
})

test('[MSG-5] an event of an unknown type is an event like any other', () => {
  const text = '{"type":"weather.changed","data":{"rain":true}}'
  expect(parseServerEnvelope(text)).toEqual({ is: 'event', event: JSON.parse(text) })
})

test('[BAD-1] whatever the text, reading a request throws nothing but DecodeError', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const error = caught(() => parseRequest(text))
      expect(error === undefined || error instanceof DecodeError).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('whatever the text, reading a server’s frame throws nothing but DecodeError', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const error = caught(() => parseServerEnvelope(text))
      expect(error === undefined || error instanceof DecodeError).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a text nested deeper than the stack is refused like any other', () => {
  expect(reasonOf(() => parseRequest('['.repeat(60_000)))).toBe('json')
})

test('any request comes back from its text', () => {
  const anyRequest = fc.record({ id: fc.nat(), type: fc.string(), data: fc.dictionary(fc.string(), fc.jsonValue()) })
  fc.assert(
    fc.property(anyRequest, (request) => {
      const text = JSON.stringify(request)
      expect(parseRequest(text)).toEqual(JSON.parse(text))
    }),
  )
})
