/** NAL unit types of ITU-T H.264, table 7-1. */
export const NalType = { slice: 1, keySlice: 5, sequenceParameters: 7, pictureParameters: 8 } as const

const TYPE_MASK = 0x1f

/** The NAL units of an Annex B access unit, without start codes; they are views into `bytes`. */
export function splitAnnexB(bytes: Uint8Array): { type: number; bytes: Uint8Array }[] {
  const units: { type: number; bytes: Uint8Array }[] = []
  let start = nextStartCode(bytes, 0)
  while (start >= 0) {
    const from = start + 3
    const next = nextStartCode(bytes, from)
    let end = next < 0 ? bytes.length : next
    while (next >= 0 && end > from && bytes[end - 1] === 0) end--
    if (end > from) units.push({ type: (bytes[from] as number) & TYPE_MASK, bytes: bytes.subarray(from, end) })
    start = next
  }
  return units
}

/** Where 00 00 01 begins at or after `from`; −1 where it does not. */
function nextStartCode(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 2 < bytes.length; at++) {
    const last = bytes[at + 2] as number
    if (last > 1) at += 2
    else if (last === 1 && bytes[at] === 0 && bytes[at + 1] === 0) return at
  }
  return -1
}

/** What a decoder must know before the first picture. */
export interface SequenceParameters {
  readonly profile: number
  readonly level: number
  /** Pixels, after cropping. */
  readonly width: number
  readonly height: number
}

/** Profiles whose parameter set describes chroma and scaling (ITU-T H.264, 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128])
const MACROBLOCK = 16
const YUV_444 = 3

/** Reads a sequence parameter set NAL unit; undefined where it is cut short or senseless. */
export function readSequenceParameters(unit: Uint8Array): SequenceParameters | undefined {
  const bits = new BitReader(withoutEmulation(unit.subarray(1)))
  const profile = bits.read(8)
  bits.read(8)
  const level = bits.read(8)
  bits.unsigned()
  const chroma = HIGH_PROFILES.has(profile) ? skipHighFields(bits) : 1
  bits.unsigned()
  skipPictureOrder(bits)
  bits.unsigned()
  bits.read(1)
  const widthInBlocks = bits.unsigned() + 1
  const heightInUnits = bits.unsigned() + 1
  const framesOnly = bits.read(1)
  if (framesOnly === 0) bits.read(1)
  bits.read(1)
  const [left, right, top, bottom] = bits.read(1) ? [0, 0, 0, 0].map(() => bits.unsigned()) : [0, 0, 0, 0]
  if (bits.exhausted) return undefined
  const fields = 2 - framesOnly
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1
  const cropY = (chroma === 1 ? 2 : 1) * fields
  const width = widthInBlocks * MACROBLOCK - ((left ?? 0) + (right ?? 0)) * cropX
  const height = heightInUnits * MACROBLOCK * fields - ((top ?? 0) + (bottom ?? 0)) * cropY
  return width > 0 && height > 0 ? { profile, level, width, height } : undefined
}

/** Returns the chroma format. */
function skipHighFields(bits: BitReader): number {
  const chroma = bits.unsigned()
  if (chroma === YUV_444) bits.read(1)
  bits.unsigned()
  bits.unsigned()
  bits.read(1)
  if (bits.read(1) === 0) return chroma
  const lists = chroma === YUV_444 ? 12 : 8
  for (let list = 0; list < lists && !bits.exhausted; list++)
    if (bits.read(1)) skipScalingList(bits, list < 6 ? 16 : 64)
  return chroma
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let index = 0; index < size && !bits.exhausted; index++) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256
    last = next === 0 ? last : next
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsigned()
  if (type === 0) bits.unsigned()
  if (type !== 1) return
  bits.read(1)
  bits.signed()
  bits.signed()
  for (let left = Math.min(bits.unsigned(), 255); left > 0 && !bits.exhausted; left--) bits.signed()
}

/** Takes out the 03 that keeps a start code from appearing inside a unit. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  let zeros = 0
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out[length++] = byte
  }
  return out.subarray(0, length)
}

/** Reads bits and exponential-Golomb codes; past the end it gives zeros and says so. */
class BitReader {
  readonly #bytes: Uint8Array
  #at = 0
  exhausted = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  read(count: number): number {
    let value = 0
    for (let left = count; left > 0; left--) value = value * 2 + this.#bit()
    return value
  }

  unsigned(): number {
    let zeros = 0
    while (this.#bit() === 0) if (this.exhausted || ++zeros > 31) return this.#give()
    return 2 ** zeros - 1 + this.read(zeros)
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2
  }

  #bit(): number {
    const byte = this.#bytes[this.#at >> 3]
    if (byte === undefined) return this.#give()
    return (byte >> (7 - (this.#at++ & 7))) & 1
  }

  #give(): number {
    this.exhausted = true
    return 0
  }
}
