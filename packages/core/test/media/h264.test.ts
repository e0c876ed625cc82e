import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NalType, readSequenceParameters, splitAnnexB } from '../../src/media/h264.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

// x264 by ffmpeg 5.1: testsrc2 at these sizes, profiles baseline and main; what follows the start code.
const X264_320_240 = hex('6742c00bd90141fb011000000300100000030140f142a480')
const CROPPED_1080 = hex('674d4028d900780227e5c044000003000400000300503c60c920')

test('an access unit is split at its start codes of three and of four bytes', () => {
  const units = splitAnnexB(hex('0000000167aabb' + '00000168cc' + '0000000165dd0102'))
  expect(units.map(({ type, bytes }) => [type, bytes.length])).toEqual([
    [NalType.sequenceParameters, 3],
    [NalType.pictureParameters, 2],
    [NalType.keySlice, 4],
  ])
})

test('bytes without a start code have no units', () => {
  expect(splitAnnexB(hex('0102030405'))).toEqual([])
  expect(splitAnnexB(new Uint8Array())).toEqual([])
})

test('a Baseline parameter set tells profile, level and size', () => {
  expect(readSequenceParameters(X264_320_240)).toEqual({ profile: 66, level: 11, width: 320, height: 240 })
})

test('cropping counts: 1080 lines are not a whole number of macroblocks', () => {
  expect(readSequenceParameters(CROPPED_1080)).toMatchObject({ profile: 77, level: 40, width: 1920, height: 1080 })
})

test('a parameter set that is cut short is none', () => {
  for (let length = 1; length < 8; length++) {
    expect(readSequenceParameters(X264_320_240.subarray(0, length))).toBeUndefined()
  }
})

test('no bytes make the parser throw or run on', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { bytes: unit } of splitAnnexB(bytes)) readSequenceParameters(unit)
      readSequenceParameters(bytes)
    }),
    { numRuns: 2_000 },
  )
})
