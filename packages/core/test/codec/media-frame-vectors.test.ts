import { expect, test } from 'vitest'
import {
  HEADER_BYTES,
  MediaFlag,
  type MediaHeader,
  MediaKind,
  readHeader,
  writeHeader,
} from '../../src/codec/media-header.ts'
import { DecodeError } from '../../src/errors/decode-error.ts'
import vectors from '../../vectors/media-frames.json' with { type: 'json' }
import { caught } from '../caught.ts'
import { fromHex, toHex } from './hex.ts'

test('[MEDIA-1] every good golden vector decodes to its header and payload', () => {
  for (const { meaning, hex, header, payload } of vectors.good) {
    const frame = fromHex(hex)
    expect(readHeader(frame), meaning).toEqual(header)
    expect(toHex(frame.subarray(HEADER_BYTES)), meaning).toBe(payload)
  }
})

test('[MEDIA-1] every good golden vector is what its header and payload encode to', () => {
  for (const { meaning, hex, header, payload } of vectors.good) {
    const frame = fromHex('00'.repeat(HEADER_BYTES) + payload)
    writeHeader(frame, header as MediaHeader)
    expect(toHex(frame), meaning).toBe(toHex(fromHex(hex)))
  }
})

test('[MEDIA-2] every bad golden vector is refused with its reason', () => {
  for (const { meaning, hex, reason } of vectors.bad) {
    const error = caught(() => readHeader(fromHex(hex)))
    expect(error, meaning).toBeInstanceOf(DecodeError)
    expect(error, meaning).toMatchObject({ name: 'DecodeError', reason })
  }
})

test('what is refused or ignored for what it says has a well-formed header', () => {
  for (const { meaning, hex } of [...vectors.refused, ...vectors.ignored]) {
    expect(readHeader(fromHex(hex)).seq, meaning).toBeGreaterThanOrEqual(0)
  }
})

test('[MEDIA-1] kinds and flags have the numbers that the vectors name', () => {
  expect(vectors.kinds).toEqual(MediaKind)
  expect(vectors.flags).toEqual(MediaFlag)
})

test('the golden vectors cover every kind, every flag, every end of every field and every reason', () => {
  const headers = vectors.good.map(({ header }) => header)
  const values = (field: keyof (typeof headers)[number]): Set<number> => new Set(headers.map((header) => header[field]))
  expect([...values('kind')].sort()).toEqual(Object.values(MediaKind))
  for (const flag of Object.values(MediaFlag)) expect([...values('flags')], `flag ${flag} alone`).toContain(flag)
  const ends = { track: 2 ** 16 - 1, seq: 2 ** 32 - 1, level: 127, timestamp: 2 ** 48 - 1 } as const
  for (const [field, last] of Object.entries(ends)) {
    expect([...values(field as keyof typeof ends)], field).toEqual(expect.arrayContaining([0, 1, last]))
  }
  const lengths = vectors.bad.map(({ hex }) => fromHex(hex).length)
  expect(lengths).toEqual(expect.arrayContaining(Array.from({ length: HEADER_BYTES }, (_, length) => length)))
  const reasons = new Set(vectors.bad.map(({ reason }) => reason))
  expect([...reasons].sort()).toEqual(['kind', 'reserved', 'truncated', 'version'])
})
