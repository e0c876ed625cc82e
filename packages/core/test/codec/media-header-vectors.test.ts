import { expect, test } from 'vitest'
import { HEADER_BYTES, type MediaHeader, readHeader, writeHeader } from '../../src/codec/media-header.ts'
import { DecodeError } from '../../src/errors/decode-error.ts'
import { caught } from '../caught.ts'
import { fromHex, toHex } from './hex.ts'
import vectors from './media-header.vectors.json' with { type: 'json' }

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

test('the golden vectors cover every kind, every flag and every reason', () => {
  const kinds = new Set(vectors.good.map(({ header }) => header.kind))
  const flags = vectors.good.reduce((all, { header }) => all | header.flags, 0)
  const reasons = new Set(vectors.bad.map(({ reason }) => reason))
  expect([...kinds].sort()).toEqual([0, 1, 2])
  expect(flags).toBe(0x3f)
  expect([...reasons].sort()).toEqual(['kind', 'reserved', 'truncated', 'version'])
})
