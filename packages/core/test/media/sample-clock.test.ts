import { expect, test } from 'vitest'
import { SampleClock } from '../../src/media/sample-clock.ts'

test('[MEDIA-4] the first frame is stamped with the session clock', () => {
  expect(new SampleClock(48_000).stamp(960, 1_234.5678)).toEqual({ timestamp: 1_234_568, discontinuity: false })
})

test('[MEDIA-4] frames stay exactly one frame apart, though they come early and late', () => {
  const clock = new SampleClock(48_000)
  const jitter = [0, 7, -12, 19, 20, -20, 3]
  const stamps = jitter.map((late, index) => clock.stamp(960, 1_000 + index * 20 + late))
  expect(stamps).toEqual(jitter.map((_, index) => ({ timestamp: 1_000_000 + index * 20_000, discontinuity: false })))
})

test('[MEDIA-4] a rate that has no whole microseconds does not drift', () => {
  const clock = new SampleClock(44_100)
  const step = (441 * 1_000) / 44_100
  for (let frame = 0; frame < 100_000; frame++) clock.stamp(441, frame * step)
  expect(clock.stamp(441, 100_000 * step)).toEqual({ timestamp: 1_000_000_000, discontinuity: false })
  const odd = new SampleClock(44_100)
  const stamps = [0, 1, 2, 3].map((frame) => odd.stamp(1_024, (frame * 1_024 * 1_000) / 44_100).timestamp)
  expect(stamps).toEqual([0, 23_220, 46_440, 69_660])
})

test('[MEDIA-4] 20 ms apart the anchor stays; past that it moves and says so', () => {
  const late = new SampleClock(48_000)
  late.stamp(960, 0)
  expect(late.stamp(960, 40)).toEqual({ timestamp: 20_000, discontinuity: false })
  expect(late.stamp(960, 60.001)).toEqual({ timestamp: 60_001, discontinuity: true })
})

test('[MEDIA-4] a device that runs ahead moves the anchor too', () => {
  const clock = new SampleClock(48_000)
  clock.stamp(960, 1_000)
  expect(clock.stamp(960, 1_000)).toEqual({ timestamp: 1_020_000, discontinuity: false })
  expect(clock.stamp(960, 1_019)).toEqual({ timestamp: 1_019_000, discontinuity: true })
})

test('[MEDIA-4] after a jump samples are counted from the new anchor', () => {
  const clock = new SampleClock(48_000)
  clock.stamp(960, 0)
  expect(clock.stamp(480, 500)).toEqual({ timestamp: 500_000, discontinuity: true })
  expect(clock.stamp(960, 505)).toEqual({ timestamp: 510_000, discontinuity: false })
  expect(clock.stamp(960, 533)).toEqual({ timestamp: 530_000, discontinuity: false })
})
