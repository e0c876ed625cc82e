import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { readHeader } from '../../src/codec/media-header.ts'
import { ERROR_CODES } from '../../src/errors/error-code.ts'
import { CAPABILITIES } from '../../src/protocol/capabilities.ts'
import { CLOSE, mayReconnect } from '../../src/protocol/close-codes.ts'
import { parseRequest, parseServerEnvelope } from '../../src/protocol/envelope.ts'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import { fromHex } from '../codec/hex.ts'
import { documentFrames } from './document-frames.ts'
import { requestVectors } from './message-vectors.ts'
import { protocolText, tableUnder } from './protocol-text.ts'

function known<Value>(map: Readonly<Record<string, Value>>, type: string): Value {
  if (!Object.hasOwn(map, type)) throw new Error(`PROTOCOL.md shows the type ${type}, which there is not`)
  return map[type] as Value
}

/** Fails with the frame and the field. */
function expectFits(schema: z.ZodMiniType, data: unknown, where: string): void {
  const { error } = z.safeParse(schema, data)
  const issues = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(issues, where).toBeUndefined()
}

function plain(cell = ''): string {
  return cell.replaceAll('`', '')
}

test('every frame in PROTOCOL.md is real: requests, their replies and events fit their schemas', () => {
  const asked = new Map<string, string>()
  const frames = documentFrames().filter(({ text }) => text.startsWith('{'))
  for (const { conversation, from, text } of frames) {
    const where = `${conversation}: ${text}`
    if (from === 'client') {
      const { id, type, data } = parseRequest(text)
      expectFits(known(requests, type).request, data, where)
      asked.set(`${conversation} ${id}`, type)
      continue
    }
    const envelope = parseServerEnvelope(text)
    if (envelope.is === 'event') {
      const { type, data } = envelope.event
      expectFits(known<z.ZodMiniType>(events, type), data, where)
      continue
    }
    const { reply } = envelope
    const type = asked.get(`${conversation} ${reply.re}`)
    if (type === undefined) throw new Error(`a reply to nothing: ${where}`)
    if ('error' in reply) expect(ERROR_CODES, where).toContain(reply.error.code)
    else expectFits(known(requests, type).reply, reply.data, where)
  }
  expect(frames.length).toBeGreaterThan(100)
})

test('every request in PROTOCOL.md has its reply there', () => {
  const frames = documentFrames().filter(({ text }) => text.startsWith('{'))
  const of = (from: string, field: 'id' | 're'): string[] =>
    frames
      .map(({ conversation, from: side, text }) => ({
        conversation,
        side,
        frame: JSON.parse(text) as { id?: number; re?: number },
      }))
      .filter(({ side, frame }) => side === from && frame[field] !== undefined)
      .map(({ conversation, frame }) => `${conversation} ${frame[field]}`)
      .sort()
  expect(of('client', 'id')).toEqual(of('server', 're'))
})

test('[MEDIA-1] every binary frame in PROTOCOL.md decodes', () => {
  const frames = documentFrames().filter(({ text }) => !text.startsWith('{'))
  for (const { conversation, text } of frames) {
    expect(text, conversation).toMatch(/^[0-9a-f ]+$/)
    expect(readHeader(fromHex(text)).level, `${conversation}: ${text}`).toBeLessThanOrEqual(127)
  }
  expect(frames.length).toBeGreaterThan(5)
})

test('[MEDIA-1] the frame that PROTOCOL.md explains is what it says', () => {
  const frame = documentFrames().find(({ conversation }) => conversation.startsWith('## Media frames'))
  const expected = { kind: 0, flags: 4, track: 7, seq: 50, level: 42, timestamp: 1_000_000 }
  expect(readHeader(fromHex(frame?.text ?? ''))).toEqual(expected)
  const rows = tableUnder('## Media frames').length
  expect(rows).toBe(5)
})

test('[CLOSE-1] the two tables of close codes are those of the code', () => {
  const rows = (band: string): [string, string][] => tableUnder(band).map(([code = '', name = '']) => [name, code])
  const may = rows('### Codes after which a client may come back')
  const mayNot = rows('### Codes after which it may not')
  for (const [name, code] of may) expect(mayReconnect(Number(code)), `${code} ${name}`).toBe(true)
  for (const [name, code] of mayNot) expect(mayReconnect(Number(code)), `${code} ${name}`).toBe(false)
  const own = [...may, ...mayNot]
    .map(([name, code]) => [name, Number(code)] as const)
    .filter(([, code]) => code >= 4000)
  expect(Object.fromEntries(own), 'the tables of close codes in PROTOCOL.md against CLOSE').toEqual(CLOSE)
  const standard = mayNot.map(([, code]) => Number(code)).filter((code) => code < 4000)
  const final = Array.from({ length: 3000 }, (_, at) => 1000 + at).filter((code) => !mayReconnect(code))
  expect(standard).toEqual(final)
})

test('the table of error codes is that of the code', () => {
  const rows = tableUnder('### Error codes')
  const codes = rows.map(([code]) => plain(code))
  expect(codes, 'the table of error codes in PROTOCOL.md against ERROR_CODES').toEqual([...ERROR_CODES])
  for (const [code, when, retryable] of rows) {
    expect(when, code).not.toBe('')
    expect(['yes', 'no'], code).toContain(retryable)
  }
})

test('the table of capabilities is that of the code, and names requests of theirs', () => {
  const rows = tableUnder('### Capabilities')
  const listed = rows.map(([capability]) => plain(capability))
  expect(listed, 'the table of capabilities in PROTOCOL.md against CAPABILITIES').toEqual([...CAPABILITIES])
  for (const [capability, , first] of rows) {
    const type = plain(first) as keyof typeof requestVectors
    expect(requestVectors[type]?.capability, type).toBe(plain(capability))
  }
})

test('the table of the older recorder’s names leads to types that exist', () => {
  const rows = tableUnder('## Names of the older recorder')
  for (const name of ['start_recording', 'stop_recording', 'video_frame', 'video_frame_ack', 'audio_chunk']) {
    expect(rows.map(([older]) => plain(older))).toContain(name)
  }
  const named = rows.flatMap(([, here = '']) => [...here.matchAll(/`([^`]+)`/g)].map(([, type = '']) => type))
  expect(named.length).toBeGreaterThan(5)
  for (const type of named) expect(type in requests || type in events, type).toBe(true)
})

test('every rule that the checklists name exists', () => {
  const rules = [...protocolText().matchAll(/\*\*\[([A-Z]+-\d+)\]\*\*/g)].map(([, id = '']) => id)
  const checklists = protocolText().split('\n## Checklists for implementers\n')[1]?.split('\n## ')[0] ?? ''
  const named = [...checklists.matchAll(/\b[A-Z]{3,}-\d+\b/g)].map(([id]) => id)
  expect(named.length).toBeGreaterThan(40)
  expect(rules).toEqual(expect.arrayContaining(named))
})
