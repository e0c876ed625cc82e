import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addFlag,
  HEADER_BYTES,
  MediaFlag,
  MediaKind,
  readFlags,
  readHeader,
  readKind,
  readSeq,
  readTimestamp,
  readTrack,
  writeHeader,
} from '../../src/codec/media-header.ts'
import { DecodeError } from '../../src/errors/decode-error.ts'
import { caught } from '../caught.ts'
import { anyBytes, anyHeader } from './arbitrary-header.ts'
import { fromHex } from './hex.ts'

/** Every field another value, so that no two can be mixed up. */
const FRAME = Uint8Array.of(
  0x11, // kind: version 1 in the high nibble, video in the low
  0x15, // flags: key frame, talk spurt starts, discontinuity
  0x12, // track, high byte
  0x34, // track, low byte
  0x89, // seq, highest byte, its top bit set
  0xab, // seq
  0xcd, // seq
  0xef, // seq, lowest byte
  0x1e, // level: -30 dBov
  0x00, // reserved
  0x01, // timestamp, highest byte: above 2^32
  0x02, // timestamp
  0xf3, // timestamp, its top bit set as a u32
  0x04, // timestamp
  0x05, // timestamp
  0x06, // timestamp, lowest byte
  0xaa, // payload
)
const HEADER = {
  kind: MediaKind.video,
  flags: MediaFlag.keyFrame | MediaFlag.talkSpurtStart | MediaFlag.discontinuity,
  track: 0x1234,
  seq: 0x89abcdef,
  level: 30,
  timestamp: 0x0102_f304_0506,
}

test('[MEDIA-1] a header is written byte for byte as the layout says, before a payload that stays', () => {
  const frame = new Uint8Array(17).fill(0xaa)
  writeHeader(frame, HEADER)
  expect(frame).toEqual(FRAME)
})

test('[MEDIA-1] a header is read byte for byte as the layout says', () => {
  expect(readHeader(FRAME)).toEqual(HEADER)
})

test('[MEDIA-1] the largest value of every field survives, and the least', () => {
  const frame = new Uint8Array(HEADER_BYTES)
  const most = { kind: MediaKind.probe, flags: 0x3f, track: 65_535, seq: 2 ** 32 - 1, level: 127 }
  writeHeader(frame, { ...most, timestamp: 2 ** 48 - 1 })
  expect(frame).toEqual(
    Uint8Array.of(
      ...[0x12, 0x3f], // kind, flags
      ...[0xff, 0xff], // track
      ...[0xff, 0xff, 0xff, 0xff], // seq
      ...[0x7f, 0x00], // level, reserved
      ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // timestamp
    ),
  )
  expect(readHeader(frame)).toEqual({ ...most, timestamp: 2 ** 48 - 1 })
  writeHeader(frame, { kind: MediaKind.audio, flags: 0, track: 0, seq: 0, level: 0, timestamp: 0 })
  expect(frame).toEqual(Uint8Array.of(0x10, ...new Uint8Array(15)))
})

test('[MEDIA-1] the reserved byte is written as 0, whatever stood there', () => {
  const frame = new Uint8Array(HEADER_BYTES).fill(0xff)
  writeHeader(frame, HEADER)
  expect(frame[9]).toBe(0)
})

test('[MEDIA-1] timestamps on both sides of 2^32 keep their order', () => {
  const frame = new Uint8Array(HEADER_BYTES)
  for (const timestamp of [2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 47, 2 ** 48 - 2]) {
    writeHeader(frame, { ...HEADER, timestamp })
    expect(readTimestamp(frame)).toBe(timestamp)
  }
})

test('[MEDIA-1] any header comes back from its bytes, whole and field by field', () => {
  fc.assert(
    fc.property(anyHeader, fc.uint8Array({ maxLength: 8 }), (header, payload) => {
      const frame = Uint8Array.of(...new Uint8Array(HEADER_BYTES), ...payload)
      writeHeader(frame, header)
      expect(readHeader(frame)).toEqual(header)
      expect(readKind(frame)).toBe(header.kind)
      expect(readFlags(frame)).toBe(header.flags)
      expect(readTrack(frame)).toBe(header.track)
      expect(readSeq(frame)).toBe(header.seq)
      expect(readTimestamp(frame)).toBe(header.timestamp)
      expect(frame.subarray(HEADER_BYTES)).toEqual(payload)
    }),
  )
})

test('[MEDIA-1] a frame that stands inside a larger buffer is read where it stands', () => {
  const buffer = Uint8Array.of(0xee, 0xee, 0xee, ...FRAME)
  expect(readHeader(buffer.subarray(3))).toEqual(HEADER)
})

test('[MEDIA-2] whatever the bytes, reading them throws nothing but DecodeError', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const error = caught(() => readHeader(bytes))
      expect(error === undefined || error instanceof DecodeError).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('[MEDIA-2] a frame is well formed exactly when length, version, kind and reserved bits are right', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const [kind = 0, flags = 0] = bytes
      const fine = bytes.length >= 16 && [0x10, 0x11, 0x12].includes(kind) && flags < 0x40 && bytes[9] === 0
      expect(caught(() => readHeader(bytes)) === undefined).toBe(fine)
    }),
    { numRuns: 2_000 },
  )
})

test('[MEDIA-2] each kind of malformed frame says what was expected and what came', () => {
  const messageOf = (hex: string): string => (caught(() => readHeader(fromHex(hex))) as DecodeError).message
  const rest = '0001 00000000 7f 00 000000000000'
  expect(messageOf('10')).toBe('expected at least 16 bytes of media frame, got 1')
  expect(messageOf(`20 00 ${rest}`)).toBe('expected media header version 1, got 2')
  expect(messageOf(`13 00 ${rest}`)).toBe('expected media kind 0, 1 or 2, got 3')
  expect(messageOf(`10 c1 ${rest}`)).toBe('expected 0 in the reserved bits at byte 1, got 193')
  expect(messageOf('10 00 0001 00000000 7f 05 000000000000')).toBe('expected 0 in the reserved bits at byte 9, got 5')
})

test('a header that does not fit is not written', () => {
  const short = new Uint8Array(15)
  expect(() => writeHeader(short, HEADER)).toThrow(new RangeError('expected 16 bytes of room, got 15'))
  expect(short).toEqual(new Uint8Array(15))
})

test('a timestamp that is not one is refused, and nothing is written', () => {
  const frame = new Uint8Array(HEADER_BYTES)
  for (const timestamp of [-1, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY]) {
    const error = new RangeError(`expected a timestamp from 0 to 2^48 - 1, got ${timestamp}`)
    expect(() => writeHeader(frame, { ...HEADER, timestamp })).toThrow(error)
  }
  expect(frame).toEqual(new Uint8Array(HEADER_BYTES))
})

test('a flag is added to the frame at an offset, and nothing else changes', () => {
  const bytes = Uint8Array.of(...FRAME, ...FRAME)
  addFlag(bytes, FRAME.length, MediaFlag.talkSpurtEnd)
  expect(bytes.subarray(0, FRAME.length)).toEqual(FRAME)
  expect(readHeader(bytes.subarray(FRAME.length))).toEqual({ ...HEADER, flags: HEADER.flags | MediaFlag.talkSpurtEnd })
})
