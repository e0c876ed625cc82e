import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { LIMITS } from '../../src/protocol/limits.ts'
import { requests } from '../../src/protocol/requests.ts'

const sends = (text: unknown): boolean =>
  z.safeParse(requests['message.send'].request, { channel: 'general', clientId: 'c-1', text }).success
const registers = (name: string, password = 'long enough'): boolean =>
  z.safeParse(requests['auth.register'].request, { name, password }).success
const pages = (field: string, value: unknown): boolean =>
  z.safeParse(requests['history.page'].request, { channel: 'general', [field]: value }).success

test('[SEND-3] a text has 1 to 4,000 UTF-16 code units', () => {
  expect(LIMITS.messageText).toBe(4_000)
  expect(sends('')).toBe(false)
  expect(sends('a')).toBe(true)
  expect(sends('a'.repeat(4_000))).toBe(true)
  expect(sends('a'.repeat(4_001))).toBe(false)
  expect(sends('😀'.repeat(2_000))).toBe(true) // two code units each
  expect(sends('😀'.repeat(2_000) + 'a')).toBe(false)
})

test('[SEND-3] a text is not only white space', () => {
  for (const blank of [' ', '\n', ' \t\r\n ', '\u00a0', '\u2003\u3000', '\u2028', ' '.repeat(4_000)]) {
    expect(sends(blank), JSON.stringify(blank)).toBe(false)
  }
  expect(sends('  .  ')).toBe(true)
  expect(sends('\n\nhello\n')).toBe(true)
})

test('[SEND-3] a text is a string and stays as it is', () => {
  for (const other of [5, null, ['a'], {}, undefined]) expect(sends(other)).toBe(false)
  const data = { channel: 'general', clientId: 'c-1', text: ' a\u0001\u200b ' }
  expect(z.parse(requests['message.send'].request, data)).toEqual(data)
})

test('[SEND-3] a text has no U+0000 and no unpaired surrogate, which databases do not keep', () => {
  for (const text of ['a\u0000', '\ud83d half', 'half \udc00']) expect(sends(text)).toBe(false)
})

test('[AUTH-1] a name has 2 to 32 characters', () => {
  expect(registers('a')).toBe(false)
  expect(registers('ab')).toBe(true)
  expect(registers('a'.repeat(32))).toBe(true)
  expect(registers('a'.repeat(33))).toBe(false)
})

test('[AUTH-1] a name has no control character and no space at either end', () => {
  for (const bad of [
    ' mei',
    'mei ',
    '\u00a0mei',
    'mei\u3000',
    'm\ni',
    'm\u0000i',
    'm\u200bi',
    'm\u202ei',
    'm\ud800i',
  ]) {
    expect(registers(bad), JSON.stringify(bad)).toBe(false)
  }
  for (const good of ['mei', 'Mei Lin', 'Zoë', '美玲', "O'Neil-Smith", '😀😀', '1_2.3']) {
    expect(registers(good), good).toBe(true)
  }
})

test('a new password has 8 to 256 characters, any of them', () => {
  expect(registers('mei', '1234567')).toBe(false)
  expect(registers('mei', '12345678')).toBe(true)
  expect(registers('mei', ' \u0000\n\t    ')).toBe(true)
  expect(registers('mei', 'x'.repeat(256))).toBe(true)
  expect(registers('mei', 'x'.repeat(257))).toBe(false)
})

test('[AUTH-2] a log-in takes any name and password short enough to hash: the answer is the same for all', () => {
  const logsIn = (name: string, password: string): boolean =>
    z.safeParse(requests['auth.login'].request, { name, password }).success
  expect(logsIn('', '')).toBe(true)
  expect(logsIn(' a\n', 'short')).toBe(true)
  expect(logsIn('x'.repeat(256), 'x'.repeat(256))).toBe(true)
  expect(logsIn('x'.repeat(257), 'x')).toBe(false)
  expect(logsIn('x', 'x'.repeat(257))).toBe(false)
})

test('[HIST-1] a page limit is 1 to 100', () => {
  for (const good of [1, 50, 100]) expect(pages('limit', good), `${good}`).toBe(true)
  for (const bad of [0, 101, -1, 1.5, '50', Number.NaN, null]) expect(pages('limit', bad), `${bad}`).toBe(false)
})

test('a position is an integer from 0', () => {
  for (const good of [0, 1, Number.MAX_SAFE_INTEGER]) expect(pages('before', good), `${good}`).toBe(true)
  for (const bad of [-1, 0.5, 2 ** 53, '1', null]) expect(pages('before', bad), `${bad}`).toBe(false)
})

test('an identifier has 1 to 64 characters', () => {
  const joins = (channel: unknown): boolean => z.safeParse(requests['channel.join'].request, { channel }).success
  expect(joins('')).toBe(false)
  expect(joins('x')).toBe(true)
  expect(joins('x'.repeat(64))).toBe(true)
  expect(joins('x'.repeat(65))).toBe(false)
  expect(joins(7)).toBe(false)
})

test('[TRACK-1] a track number fits the header and is never 0', () => {
  const ends = (track: unknown): boolean => z.safeParse(requests['track.unpublish'].request, { track }).success
  expect(ends(0)).toBe(false)
  expect(ends(1)).toBe(true)
  expect(ends(65_535)).toBe(true)
  expect(ends(65_536)).toBe(false)
  expect(ends(1.5)).toBe(false)
})

test('[TRACK-1] a format that is not Opus at 48 kHz, mono or stereo, is refused', () => {
  const publishes = (change: object): boolean => {
    const format = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1, ...change }
    return z.safeParse(requests['track.publish'].request, { key: 'k', format, to: { channel: 'c' } }).success
  }
  expect(publishes({})).toBe(true)
  expect(publishes({ channels: 2 })).toBe(true)
  for (const bad of [{ channels: 3 }, { sampleRate: 44_100 }, { codec: 'pcm' }, { kind: 'video' }]) {
    expect(publishes(bad), JSON.stringify(bad)).toBe(false)
  }
})
