import { DecodeError } from '../errors/decode-error.ts'
import type { Microseconds } from '../time/units.ts'

/*
 *  byte  0        1       2       4               8       9       10                      16
 *        +--------+-------+-------+---------------+-------+-------+-----------------------+---------
 *        | kind   | flags | track | seq           | level | 0     | timestamp             | payload
 *        | u8     | u8    | u16   | u32           | u8    | u8    | u48, microseconds     |
 *        +--------+-------+-------+---------------+-------+-------+-----------------------+---------
 *  Big-endian. kind: high nibble = layout version 1, low nibble = a MediaKind.
 */
const KIND_AT = 0
const FLAGS_AT = 1
const TRACK_AT = 2
const SEQ_AT = 4
const LEVEL_AT = 8
const RESERVED_AT = 9
const TIMESTAMP_AT = 10

/** Bytes before the payload. */
export const HEADER_BYTES = 16

const VERSION = 1
const VERSION_SHIFT = 4
const KIND_MASK = 0x0f

/** What a frame carries. */
export const MediaKind = { audio: 0, video: 1, probe: 2 } as const
/** One of {@link MediaKind}. */
export type MediaKind = (typeof MediaKind)[keyof typeof MediaKind]
const LAST_KIND = MediaKind.probe

/** Bits of the flags byte. */
export const MediaFlag = {
  keyFrame: 0x01,
  configChange: 0x02,
  talkSpurtStart: 0x04,
  talkSpurtEnd: 0x08,
  discontinuity: 0x10,
  echo: 0x20,
} as const
const RESERVED_FLAGS = 0xc0

/** The level of a frame without one: silence, in −dBov (RFC 6464). */
export const NO_LEVEL = 127

const TWO_TO_32 = 2 ** 32
const MAX_TIMESTAMP = 2 ** 48 - 1

/** The fields of a media frame's header. */
export interface MediaHeader {
  readonly kind: MediaKind
  /** {@link MediaFlag} bits. */
  readonly flags: number
  /** 0 in probes. */
  readonly track: number
  /** Counts a track's frames, or a connection's probes, from 0; wraps at 2^32. */
  readonly seq: number
  /** −dBov of an audio frame (RFC 6464): 0 is the loudest, 127 silence or none. */
  readonly level: number
  /** On the sender's session clock, the same for all its tracks. */
  readonly timestamp: Microseconds
}

/** Writes the header into the first {@link HEADER_BYTES} of `frame`; the payload stands behind it already. */
export function writeHeader(frame: Uint8Array, header: MediaHeader): void {
  if (frame.length < HEADER_BYTES) throw new RangeError(`expected ${HEADER_BYTES} bytes of room, got ${frame.length}`)
  if (!(header.timestamp >= 0 && header.timestamp <= MAX_TIMESTAMP)) {
    throw new RangeError(`expected a timestamp from 0 to 2^48 - 1, got ${header.timestamp}`)
  }
  frame[KIND_AT] = (VERSION << VERSION_SHIFT) | header.kind
  frame[FLAGS_AT] = header.flags
  writeU16(frame, TRACK_AT, header.track)
  writeU32(frame, SEQ_AT, header.seq)
  frame[LEVEL_AT] = header.level
  frame[RESERVED_AT] = 0
  writeU16(frame, TIMESTAMP_AT, Math.floor(header.timestamp / TWO_TO_32))
  writeU32(frame, TIMESTAMP_AT + 2, header.timestamp % TWO_TO_32)
}

/**
 * Reads and checks a header. Throws DecodeError and nothing else; the payload is
 * `frame.subarray(HEADER_BYTES)`, not copied here.
 */
export function readHeader(frame: Uint8Array): MediaHeader {
  checkHeader(frame)
  return {
    kind: readKind(frame),
    flags: readFlags(frame),
    track: readTrack(frame),
    seq: readSeq(frame),
    level: frame[LEVEL_AT] as number,
    timestamp: readTimestamp(frame),
  }
}

/** Throws DecodeError unless `frame` opens with a well-formed header. The readers below trust it. */
export function checkHeader(frame: Uint8Array): void {
  if (frame.length < HEADER_BYTES) throw DecodeError.truncated(HEADER_BYTES, frame.length)
  const kind = frame[KIND_AT] as number
  if (kind >> VERSION_SHIFT !== VERSION) throw DecodeError.version(kind >> VERSION_SHIFT)
  if ((kind & KIND_MASK) > LAST_KIND) throw DecodeError.kind(kind & KIND_MASK)
  const flags = frame[FLAGS_AT] as number
  if (flags & RESERVED_FLAGS) throw DecodeError.reserved(FLAGS_AT, flags)
  if (frame[RESERVED_AT] !== 0) throw DecodeError.reserved(RESERVED_AT, frame[RESERVED_AT] as number)
}

/** The kind of a checked frame. */
export function readKind(frame: Uint8Array): MediaKind {
  return ((frame[KIND_AT] as number) & KIND_MASK) as MediaKind
}

/** The flags of a checked frame. */
export function readFlags(frame: Uint8Array): number {
  return frame[FLAGS_AT] as number
}

/** The track number of a checked frame. */
export function readTrack(frame: Uint8Array): number {
  return ((frame[TRACK_AT] as number) << 8) | (frame[TRACK_AT + 1] as number)
}

/** The sequence number of a checked frame. */
export function readSeq(frame: Uint8Array): number {
  return readU32(frame, SEQ_AT)
}

/** The timestamp of a checked frame. */
export function readTimestamp(frame: Uint8Array): Microseconds {
  const high = ((frame[TIMESTAMP_AT] as number) << 8) | (frame[TIMESTAMP_AT + 1] as number)
  return (high * TWO_TO_32 + readU32(frame, TIMESTAMP_AT + 2)) as Microseconds
}

/** Gives a frame another track number: a republished track has one. */
export function setTrack(frame: Uint8Array, track: number): void {
  writeU16(frame, TRACK_AT, track)
}

/** Adds a flag to a frame whose header stands at `offset` in `bytes`. */
export function addFlag(bytes: Uint8Array, offset: number, flag: number): void {
  bytes[offset + FLAGS_AT] = (bytes[offset + FLAGS_AT] as number) | flag
}

function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

function readU32(bytes: Uint8Array, at: number): number {
  const upper = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  const lower = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  return ((upper << 16) | lower) >>> 0
}
