import { expect, test } from 'vitest'
import { ManualClock } from '../../src/testing/manual-clock.ts'

test('time stands still until it is moved, and the wall clock moves with it', () => {
  const clock = new ManualClock(1_000)
  expect([clock.now(), clock.wall()]).toEqual([0, 1_000])
  clock.advance(50)
  expect([clock.now(), clock.wall()]).toEqual([50, 1_050])
})

test('what falls due runs in the order of its time, each at its own', () => {
  const clock = new ManualClock()
  const ran: [string, number][] = []
  clock.after(30, () => ran.push(['late', clock.now()]))
  clock.after(10, () => ran.push(['early', clock.now()]))
  clock.after(10, () => ran.push(['second of the same time', clock.now()]))
  clock.after(31, () => ran.push(['not yet', clock.now()]))
  clock.advance(30)
  expect(ran).toEqual([
    ['early', 10],
    ['second of the same time', 10],
    ['late', 30],
  ])
  expect(clock.waiting).toBe(1)
})

test('a timer that a timer starts runs in the same move where it falls due', () => {
  const clock = new ManualClock()
  const ran: number[] = []
  clock.after(10, () => clock.after(10, () => ran.push(clock.now())))
  clock.advance(20)
  expect(ran).toEqual([20])
})

test('a cancelled timer does not run, and cancelling twice does nothing more', () => {
  const clock = new ManualClock()
  let ran = 0
  const cancel = clock.after(10, () => ran++)
  clock.after(10, () => ran++)
  cancel()
  cancel()
  expect(clock.waiting).toBe(1)
  clock.advance(10)
  expect(ran).toBe(1)
})
