import { expect, test } from 'vitest'
import { Revisions } from '../../src/state/revisions.ts'

/** Entries as `[seq, message, rev]`; returns those that say something new. */
function news(revisions: Revisions, entries: readonly (readonly [number, number, number])[]): number[] {
  return entries.filter(([seq, message, rev]) => revisions.take(seq, { seq: message, rev })).map(([seq]) => seq)
}

test('[EDIT-3] entries that are read as they happen all say something new, and nothing is kept', () => {
  const revisions = new Revisions()
  const live = [1, 2, 3, 4, 5].map((seq) => [seq, 1, seq] as const)
  expect(news(revisions, live)).toEqual([1, 2, 3, 4, 5])
  expect(revisions.size).toBe(0)
})

test('[EDIT-3] an entry that is read late carries what the later ones led to: those say nothing more', () => {
  const revisions = new Revisions()
  expect(
    news(revisions, [
      [1, 1, 7],
      [2, 2, 5],
      [3, 1, 7],
      [4, 2, 5],
      [5, 2, 5],
      [6, 3, 6],
      [7, 1, 7],
      [8, 1, 8],
    ]),
  ).toEqual([1, 2, 6, 8])
  expect(revisions.size).toBe(0)
})

test('[EDIT-3] a message from a page is not told in an older form, but by its own entry for those who only listen', () => {
  const revisions = new Revisions()
  revisions.gave({ seq: 1, rev: 12 }, 9)
  expect(
    news(revisions, [
      [10, 1, 10],
      [11, 1, 11],
      [12, 1, 12],
      [13, 1, 13],
    ]),
  ).toEqual([12, 13])
  expect(revisions.size).toBe(0)
})

test('a page that is not ahead of the entries keeps nothing', () => {
  const revisions = new Revisions()
  for (const rev of [3, 9, 10]) revisions.gave({ seq: 1, rev }, 9)
  expect(revisions.size).toBe(0)
})

test('an older page takes nothing back', () => {
  const revisions = new Revisions()
  revisions.gave({ seq: 1, rev: 20 }, 9)
  revisions.gave({ seq: 1, rev: 12 }, 9)
  expect(news(revisions, [[15, 1, 15]])).toEqual([])
})

test('what is kept is bounded: past 10,000 the oldest is told again', () => {
  const revisions = new Revisions()
  for (let seq = 1; seq <= 10_001; seq++) revisions.take(seq, { seq, rev: 20_000 + seq })
  expect(revisions.size).toBe(10_000)
  expect(revisions.take(20_001, { seq: 1, rev: 20_001 })).toBe(true)
  expect(revisions.take(20_002, { seq: 2, rev: 20_002 })).toBe(false)
})

test('of another log nothing is known', () => {
  const revisions = new Revisions()
  revisions.take(1, { seq: 1, rev: 9 })
  revisions.clear()
  expect(revisions.take(2, { seq: 1, rev: 2 })).toBe(true)
})
