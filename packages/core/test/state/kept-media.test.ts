import { expect, test } from 'vitest'
import { KeptMedia } from '../../src/state/kept-media.ts'

test('[GATE-2] the newest 100 ms come out, in order, and the rest is dropped and counted', () => {
  const kept = new KeptMedia<string>()
  for (const at of [0, 20, 40, 60, 80, 100, 120, 140]) kept.keep(`at ${at}`, 1, at)
  expect(kept.size).toBe(6)
  expect(kept.dropped).toBe(2)
  expect(kept.release(140).map(({ frame }) => frame)).toEqual(['at 40', 'at 60', 'at 80', 'at 100', 'at 120', 'at 140'])
  expect(kept.size).toBe(0)
  expect(kept.dropped).toBe(2)
})

test('[GATE-2] a frame of exactly 100 ms stays, an older one goes', () => {
  const kept = new KeptMedia<string>()
  kept.keep('frame', 1, 0)
  kept.keep('edge', 1, 1)
  expect(kept.release(101)).toEqual([{ frame: 'edge', discontinuity: true }])
  expect(kept.dropped).toBe(1)
})

test('[GATE-2] what lost nothing carries no discontinuity', () => {
  const kept = new KeptMedia<string>()
  kept.keep('a', 1, 0)
  kept.keep('b', 2, 20)
  expect(kept.broken).toBe(false)
  expect(kept.release(100)).toEqual([
    { frame: 'a', discontinuity: false },
    { frame: 'b', discontinuity: false },
  ])
})

test('[GATE-2] the first frame of each track that lost some says so, once', () => {
  const kept = new KeptMedia<string>()
  kept.keep('lost of 1', 1, 0)
  kept.keep('lost of 2', 2, 0)
  kept.keep('first of 1', 1, 101)
  kept.keep('second of 1', 1, 110)
  kept.keep('first of 3', 3, 110)
  expect(kept.broken).toBe(true)
  expect(kept.release(110)).toEqual([
    { frame: 'first of 1', discontinuity: true },
    { frame: 'second of 1', discontinuity: false },
    { frame: 'first of 3', discontinuity: false },
  ])
  expect(kept.broken).toBe(true)
  expect(kept.pass('first of 2', 2)).toEqual({ frame: 'first of 2', discontinuity: true })
  expect(kept.broken).toBe(false)
  expect(kept.pass('second of 2', 2)).toEqual({ frame: 'second of 2', discontinuity: false })
})

test('[GATE-2] what got too old while the gate was shut does not come out when it opens', () => {
  const kept = new KeptMedia<string>()
  kept.keep('a', 1, 0)
  kept.keep('b', 1, 20)
  expect(kept.release(500)).toEqual([])
  expect(kept.dropped).toBe(2)
  expect(kept.pass('c', 1)).toEqual({ frame: 'c', discontinuity: true })
})

test('nothing kept, nothing comes out', () => {
  const kept = new KeptMedia<string>()
  expect(kept.release(0)).toEqual([])
  expect([kept.size, kept.dropped, kept.broken]).toEqual([0, 0, false])
})
