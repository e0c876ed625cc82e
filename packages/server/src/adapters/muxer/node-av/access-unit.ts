import { MediaError } from '@arclight/core'
import { NalType, readSequenceParameters, type SequenceParameters, splitAnnexB } from '@arclight/core/media'

const MOST_WIDTH = 4096
const MOST_HEIGHT = 2304
/** MP4 has a length before each NAL unit (ISO/IEC 14496-15), where Annex B has a start code. */
const LENGTH_BYTES = 4
const START_CODE = Buffer.from([0, 0, 0, 1])

/** What a decoder must have before the first picture. */
export interface ParameterSets {
  readonly sizes: SequenceParameters
  /** Both sets, in Annex B. */
  readonly annexB: Buffer
}

/** One picture as MP4 holds it. */
export interface AccessUnit {
  /** A copy: it may be kept. */
  readonly sample: Buffer
  /** What the bytes say, whatever the sender said. */
  readonly keyFrame: boolean
  /** Where it has both sets. */
  readonly parameters: ParameterSets | undefined
}

/**
 * Reads an Annex B access unit; undefined where it has no picture or a senseless parameter set. Throws MediaError
 * `unsupported` where the pictures are larger than 4096x2304: a decoder's memory grows with what a few bytes claim.
 */
export function readAccessUnit(payload: Uint8Array): AccessUnit | undefined {
  const units = splitAnnexB(payload)
  const keyFrame = units.some((unit) => unit.type === NalType.keySlice)
  if (!keyFrame && !units.some((unit) => unit.type === NalType.slice)) return undefined
  const sequence = units.find((unit) => unit.type === NalType.sequenceParameters)
  const picture = units.find((unit) => unit.type === NalType.pictureParameters)
  const sizes = sequence && readSequenceParameters(sequence.bytes)
  if (sequence && !sizes) return undefined
  if (sizes && (sizes.width > MOST_WIDTH || sizes.height > MOST_HEIGHT)) {
    const size = `${sizes.width}x${sizes.height}`
    throw new MediaError('unsupported', `expected pictures of at most ${MOST_WIDTH}x${MOST_HEIGHT}, got ${size}`)
  }
  const annexB = sequence && picture && Buffer.concat([START_CODE, sequence.bytes, START_CODE, picture.bytes])
  const parameters = sizes && annexB ? { sizes, annexB } : undefined
  return { sample: withLengths(units), keyFrame, parameters }
}

function withLengths(units: readonly { readonly bytes: Uint8Array }[]): Buffer {
  const sample = Buffer.allocUnsafe(units.reduce((sum, { bytes }) => sum + LENGTH_BYTES + bytes.length, 0))
  let at = 0
  for (const { bytes } of units) {
    at = sample.writeUInt32BE(bytes.length, at)
    sample.set(bytes, at)
    at += bytes.length
  }
  return sample
}
