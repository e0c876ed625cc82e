import { expect, test } from 'vitest'
import { clockFrom } from '../../src/time/clock-from.ts'
import { toMicroseconds } from '../../src/time/units.ts'

test('a clock reads monotonic and wall time from its platform, and starts and stops its timers', () => {
  const timers = new Map<number, { run: () => void; delay: number }>()
  const clock = clockFrom<number>({
    performance: { now: () => 12.5 },
    Date: { now: () => 1_700_000_000_000 },
    setTimeout: (run, delay) => {
      timers.set(timers.size + 1, { run, delay })
      return timers.size
    },
    clearTimeout: (timer) => void timers.delete(timer),
  })
  expect(clock.now()).toBe(12.5)
  expect(clock.wall()).toBe(1_700_000_000_000)
  let ran = 0
  const cancel = clock.after(50, () => ran++)
  expect(timers.get(1)?.delay).toBe(50)
  timers.get(1)?.run()
  expect(ran).toBe(1)
  cancel()
  cancel()
  expect(timers.size).toBe(0)
})

test('milliseconds become whole microseconds', () => {
  expect([0, 1, 0.0004, 0.0006, 20.5, 1e9].map(toMicroseconds)).toEqual([0, 1_000, 0, 1, 20_500, 1e12])
})
