import { expect, test } from 'vitest'
import { validate } from '../../src/protocol/validate.ts'
import { caught } from '../caught.ts'
import { eventVectors, requestVectors } from './message-vectors.ts'

test('validate lets every good example pass', () => {
  for (const [type, { good }] of Object.entries(requestVectors)) {
    for (const { meaning, reply } of good) {
      expect(
        caught(() => validate('reply', type, reply)),
        `${type}: ${meaning}`,
      ).toBeUndefined()
    }
  }
  for (const [type, { good }] of Object.entries(eventVectors)) {
    for (const { meaning, data } of good) {
      expect(
        caught(() => validate('event', type, data)),
        `${type}: ${meaning}`,
      ).toBeUndefined()
    }
  }
})

test('validate names the type and each field that does not fit', () => {
  const message = 'the event channel.lagging does not fit its schema: '
  const error = caught(() => validate('event', 'channel.lagging', { channel: '', seq: -1 }))
  expect(error).toBeInstanceOf(TypeError)
  expect((error as TypeError).message).toMatch(new RegExp(`^${message}channel: .+; seq: .+$`))
})

test('validate names a field inside others by its path', () => {
  const reply = { channel: { id: 'general', kind: 'text', name: 'General', epoch: 'e1', head: 'high' } }
  expect(() => validate('reply', 'channel.join', reply)).toThrow(/^the reply channel\.join .+: channel\.head: /)
})

test('validate checks a reply against the reply and not against the event or the request', () => {
  expect(() => validate('reply', 'track.publish', { track: 0 })).toThrow(TypeError)
  expect(caught(() => validate('reply', 'track.publish', { track: 1 }))).toBeUndefined()
  expect(caught(() => validate('event', 'track.publish', { track: 0 }))).toBeUndefined()
})

test('[MSG-5] validate lets types pass that the protocol does not know, whatever their names', () => {
  for (const type of ['weather.changed', '', 'toString', '__proto__', 'constructor', 'hasOwnProperty']) {
    expect(
      caught(() => validate('event', type, null)),
      type,
    ).toBeUndefined()
    expect(
      caught(() => validate('reply', type, null)),
      type,
    ).toBeUndefined()
  }
})

test('[MSG-5] validate lets a page of the log pass that holds an entry of an unknown type', () => {
  const [read] = requestVectors['log.read'].good
  const [entry] = (read?.reply as { entries: unknown[] } | undefined)?.entries ?? []
  expect(entry).toBeDefined()
  const strange = { type: 'message.starred', channel: 'general', seq: 43, data: { by: 'u2' } }
  const page = { entries: [entry, strange], epoch: 'e1', head: 43 }
  expect(caught(() => validate('reply', 'log.read', page))).toBeUndefined()
})
