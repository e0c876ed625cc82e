import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Framer } from '../../src/media/framer.ts'

/** Everything the framer hands out for these chunks, copied, and what is left pending. */
function cut(
  size: number,
  chunks: readonly (readonly number[])[],
  flush = false,
): { frames: number[][]; left: number } {
  const framer = new Framer(size)
  const frames: number[][] = []
  const take = (frame: Float32Array): void => void frames.push([...frame])
  for (const chunk of chunks) framer.push(Float32Array.from(chunk), take)
  if (flush) framer.flush(take)
  return { frames, left: framer.pending }
}

test('samples come out in frames of one size, whatever the chunks', () => {
  expect(cut(3, [[1], [2, 3, 4], [5, 6, 7, 8]])).toEqual({
    frames: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    left: 2,
  })
})

test('a chunk of several frames comes out as several frames', () => {
  const { frames, left } = cut(2, [[1, 2, 3, 4, 5, 6]])
  expect(frames).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  expect(left).toBe(0)
})

test('no sample is lost, repeated or moved', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 50 }), { maxLength: 20 }),
      (size, chunks) => {
        const { frames, left } = cut(size, chunks)
        const all = chunks.flat()
        const whole = Math.floor(all.length / size)
        expect(frames.flat()).toEqual(all.slice(0, whole * size))
        expect(frames).toHaveLength(whole)
        expect(left).toBe(all.length - whole * size)
      },
    ),
  )
})

test('a flush fills the last frame up with silence, not with what stood there before', () => {
  expect(cut(4, [[9, 9, 9, 9, 5]], true)).toEqual({
    frames: [
      [9, 9, 9, 9],
      [5, 0, 0, 0],
    ],
    left: 0,
  })
})

test('a flush of nothing hands out nothing', () => {
  expect(cut(2, [[1, 2]], true).frames).toEqual([[1, 2]])
  expect(cut(2, [], true).frames).toEqual([])
})
