import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { Turn } from '../../src/delivery/turn.ts'
import { TrackTable } from '../../src/tracks/track-table.ts'
import { Room } from '../../src/voice/room.ts'
import { OPUS } from '../media-frame.ts'

const NUMBERS = 65_535
const QUARANTINE_MS = 60_000

/** A table, and a way to get a number from it. */
function tableWith(clock: ManualClock): { table: TrackTable; add: () => number | undefined } {
  const turn = new Turn(() => {})
  const publisher = { name: 'mei' }
  const room = new Room('lounge', turn, clock)
  const table = new TrackTable(clock)
  const add = () => table.add({ key: 'microphone', format: OPUS, publisher, sink: room })?.track
  return { table, add }
}

test('[TRACK-3] when every number was given out, one that was given back comes again after 60 s, oldest first', () => {
  const clock = new ManualClock()
  const { table, add } = tableWith(clock)
  const given = Array.from({ length: NUMBERS }, add)
  expect([given[0], given.at(-1), new Set(given).size]).toEqual([1, NUMBERS, NUMBERS])
  expect(add()).toBeUndefined()
  table.remove(700)
  clock.advance(1_000)
  table.remove(5)
  clock.advance(QUARANTINE_MS - 1_001)
  expect(add()).toBeUndefined()
  clock.advance(1)
  expect([add(), add()]).toEqual([700, undefined])
  clock.advance(1_000)
  expect([add(), add()]).toEqual([5, undefined])
})

test('[TRACK-3] numbers never given out come before those that were given back', () => {
  const clock = new ManualClock()
  const { table, add } = tableWith(clock)
  expect([add(), add()]).toEqual([1, 2])
  table.remove(1)
  clock.advance(10 * QUARANTINE_MS)
  expect(add()).toBe(3)
})

test('a number that was given back twice is given out once', () => {
  const clock = new ManualClock()
  const { table, add } = tableWith(clock)
  while (add() !== undefined);
  table.remove(9)
  table.remove(9)
  clock.advance(QUARANTINE_MS)
  expect([add(), add()]).toEqual([9, undefined])
  expect(table.get(9)).toMatchObject({ track: 9, key: 'microphone' })
  expect([table.get(0), table.get(65_536)]).toEqual([undefined, undefined])
})
