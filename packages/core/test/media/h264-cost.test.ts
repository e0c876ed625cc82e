import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSequenceParameters, splitAnnexB } from '../../src/media/h264.ts'
import { countedBytes } from '../counted-bytes.ts'

/** Bytes full of what a parser looks for: zeros, start codes, the 03 that hides them, parameter sets. */
const nearlyAnnexB = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        [0],
        [0, 0],
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 0, 1],
        [0, 0, 3],
        [0x67, 100, 0, 31],
        [0x67, 66],
        [0xff],
      ),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => [...bytes]),
    ),
    { maxLength: 120 },
  )
  .map((parts) => Uint8Array.from(parts.flat()))

test('whatever the bytes, an access unit is split with so many reads for each byte, and none outside', () => {
  fc.assert(
    fc.property(nearlyAnnexB, (bytes) => {
      const { view, reads } = countedBytes(bytes)
      const units = splitAnnexB(view)
      expect(reads.outside).toBe(0)
      expect(reads.count).toBeLessThanOrEqual(5 * bytes.length + 5)
      const total = units.reduce((sum, unit) => sum + unit.bytes.length, 0)
      expect(total + 3 * units.length).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 3_000 },
  )
})

test('long runs of zeros and of start codes cost no more than other bytes', () => {
  for (const period of [[0], [0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1]]) {
    const bytes = Uint8Array.from({ length: 30_000 }, (_, at) => period[at % period.length] as number)
    const { view, reads } = countedBytes(bytes)
    splitAnnexB(view)
    expect(reads.count).toBeLessThanOrEqual(5 * bytes.length)
  }
})

test('whatever the bytes, a parameter set is read once and is whole or none', () => {
  fc.assert(
    fc.property(nearlyAnnexB, (bytes) => {
      const { view, reads } = countedBytes(bytes)
      const found = readSequenceParameters(view)
      expect(reads.count).toBeLessThanOrEqual(2 * bytes.length + 2)
      expect(reads.outside).toBe(0)
      if (!found) return
      for (const value of Object.values(found)) expect(Number.isSafeInteger(value)).toBe(true)
      expect(Math.min(found.width, found.height)).toBeGreaterThan(0)
    }),
    { numRuns: 3_000 },
  )
})
