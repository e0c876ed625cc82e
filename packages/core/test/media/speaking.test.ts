import { expect, test } from 'vitest'
import { SpeakingDetector } from '../../src/media/speaking.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'

function listen(options: { start?: number; stop?: number; hold?: number } = {}): {
  clock: ManualClock
  detector: SpeakingDetector
  changes: [boolean, number][]
} {
  const clock = new ManualClock()
  const changes: [boolean, number][] = []
  const detector = new SpeakingDetector(clock, (speaking) => changes.push([speaking, clock.now()]), options)
  return { clock, detector, changes }
}

test('speaking starts with the first frame of −45 dBov or louder', () => {
  const { detector, changes } = listen()
  detector.push(46)
  expect(detector.speaking).toBe(false)
  detector.push(45)
  expect(detector.speaking).toBe(true)
  expect(changes).toEqual([[true, 0]])
})

test('speaking ends 200 ms after the last loud frame', () => {
  const { clock, detector, changes } = listen()
  detector.push(20)
  clock.advance(150)
  detector.push(20)
  clock.advance(199)
  expect(detector.speaking).toBe(true)
  clock.advance(1)
  expect(detector.speaking).toBe(false)
  expect(changes).toEqual([
    [true, 0],
    [false, 350],
  ])
})

test('quiet frames do not prolong it', () => {
  const { clock, detector, changes } = listen()
  detector.push(20)
  for (let frame = 0; frame < 10; frame++) {
    clock.advance(20)
    detector.push(127)
  }
  expect(changes).toEqual([
    [true, 0],
    [false, 200],
  ])
})

test('a level between the two thresholds goes on, and does not start', () => {
  const { clock, detector, changes } = listen()
  detector.push(50)
  expect(changes).toEqual([])
  detector.push(45)
  clock.advance(150)
  detector.push(55)
  clock.advance(150)
  expect(detector.speaking).toBe(true)
  detector.push(56)
  clock.advance(50)
  detector.push(50)
  expect(changes).toEqual([
    [true, 0],
    [false, 350],
  ])
})

test('the end of a talk spurt ends it at once, however loud its last frame', () => {
  const { clock, detector, changes } = listen()
  detector.push(20)
  clock.advance(20)
  detector.push(0, true)
  expect(changes).toEqual([
    [true, 0],
    [false, 20],
  ])
  expect(clock.waiting).toBe(0)
})

test('each change is told once', () => {
  const { clock, detector, changes } = listen()
  for (let frame = 0; frame < 5; frame++) detector.push(10)
  clock.advance(1_000)
  detector.stop()
  detector.push(127, true)
  expect(changes.map(([speaking]) => speaking)).toEqual([true, false])
})

test('thresholds and hold can be chosen one by one', () => {
  const { clock, detector, changes } = listen({ start: 30, hold: 50 })
  detector.push(31)
  detector.push(30)
  clock.advance(49)
  detector.push(55)
  clock.advance(50)
  expect(changes).toEqual([
    [true, 0],
    [false, 99],
  ])
})
