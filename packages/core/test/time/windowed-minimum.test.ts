import { expect, test } from 'vitest'
import { WindowedMinimum } from '../../src/time/windowed-minimum.ts'

test('the least value of a window is kept through the next one, and then gone', () => {
  const minimum = new WindowedMinimum(100)
  expect(minimum.value).toBe(Number.POSITIVE_INFINITY)
  expect(minimum.push(5, 0)).toBe(5)
  expect(minimum.push(9, 99)).toBe(5)
  expect(minimum.push(9, 100)).toBe(5)
  expect(minimum.push(8, 199)).toBe(5)
  expect(minimum.push(9, 200)).toBe(8)
  expect(minimum.push(9, 300)).toBe(9)
  expect(minimum.value).toBe(9)
})
