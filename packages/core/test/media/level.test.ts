import { expect, test } from 'vitest'
import { audioLevel } from '../../src/media/level.ts'
import { sine } from './sine.ts'

test('a full-scale square wave is 0 dBov', () => {
  const square = Float32Array.from({ length: 960 }, (_, index) => (index % 48 < 24 ? 1 : -1))
  expect(audioLevel(square)).toBe(0)
})

test('a sine is 3 dB below its amplitude', () => {
  // level = −20·log10(amplitude / √2)
  const levels = [1, 0.5, 0.1, 0.01, 0.001, 1e-5].map((amplitude) => audioLevel(sine(amplitude)))
  expect(levels).toEqual([3, 9, 23, 43, 63, 103])
})

test('halving the amplitude takes 6 dB, down to the smallest level', () => {
  for (let halvings = 0; halvings < 20; halvings++) {
    const exact = -20 * Math.log10(2 ** -halvings / Math.SQRT2)
    expect(audioLevel(sine(2 ** -halvings)), `2^-${halvings}`).toBe(Math.round(exact))
  }
})

test('silence, and anything below −127 dBov, is 127', () => {
  expect(audioLevel(new Float32Array(960))).toBe(127)
  expect(audioLevel(sine(1e-7))).toBe(127)
  expect(audioLevel(new Float32Array(0))).toBe(127)
})

test('samples louder than full scale are 0, not less', () => {
  expect(audioLevel(sine(10))).toBe(0)
})
