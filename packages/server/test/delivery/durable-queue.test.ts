import { expect, test } from 'vitest'
import { DurableQueue } from '../../src/delivery/durable-queue.ts'

function entry(text: string): Buffer {
  return Buffer.from(text)
}

function texts(entries: Buffer[]): string[] {
  return entries.map(String)
}

test('entries come out in order, in slices of about the size asked for, at least one', () => {
  const queue = new DurableQueue()
  for (const [at, text] of ['aaaa', 'bb', 'cccccc', 'd'].entries()) queue.push('general', at + 1, entry(text))
  expect(texts(queue.take(1))).toEqual(['aaaa'])
  expect(texts(queue.take(3))).toEqual(['bb', 'cccccc'])
  expect(texts(queue.take(1_000))).toEqual(['d'])
  expect(queue.take(1_000)).toEqual([])
})

test('[TURN-2] the 1,001st entry makes its channel lag: its entries go, and its newest seq is told once', () => {
  const queue = new DurableQueue()
  for (let seq = 1; seq <= 999; seq++) expect(queue.push('general', seq, entry('x'))).toBe(false)
  expect(queue.push('lounge', 1, entry('other'))).toBe(false)
  expect(queue.push('general', 1_000, entry('x'))).toBe(true)
  expect(queue.push('general', 1_001, entry('x'))).toBe(true)
  expect(texts(queue.take(1_000_000))).toEqual(['other'])
  expect(queue.takeLagging()).toEqual([['general', 1_001]])
  expect(queue.takeLagging()).toEqual([])
  expect(queue.push('general', 1_002, entry('again'))).toBe(false)
  expect(texts(queue.take(1))).toEqual(['again'])
})

test('[TURN-2] the byte past 1 MiB makes a channel lag, and the room is the others’ again', () => {
  const queue = new DurableQueue()
  expect(queue.push('general', 1, Buffer.alloc(1_048_575))).toBe(false)
  expect(queue.push('lounge', 1, entry('x'))).toBe(false)
  expect(queue.push('general', 2, entry('x'))).toBe(true)
  expect(queue.push('lounge', 2, Buffer.alloc(1_048_575))).toBe(false)
  expect(queue.push('lounge', 3, entry('x'))).toBe(true)
  expect(queue.takeLagging()).toEqual([
    ['general', 2],
    ['lounge', 3],
  ])
})

test('what was taken makes room', () => {
  const queue = new DurableQueue()
  queue.push('general', 1, Buffer.alloc(1_048_576))
  queue.take(1)
  expect(queue.push('general', 2, Buffer.alloc(1_048_576))).toBe(false)
})

test('[TURN-2] a queue with nothing in it but a channel that lags is not empty', () => {
  const queue = new DurableQueue()
  for (let seq = 1; seq <= 1_001; seq++) queue.push('general', seq, entry('x'))
  expect(queue.take(1_000_000)).toEqual([])
  expect(queue.size).toBeGreaterThan(0)
  queue.takeLagging()
  expect(queue.size).toBe(0)
})

test('a forgotten channel neither has entries nor lags', () => {
  const queue = new DurableQueue()
  queue.push('lounge', 1, entry('stays'))
  for (let seq = 1; seq <= 1_001; seq++) queue.push('general', seq, entry('x'))
  queue.forget('general')
  expect(queue.takeLagging()).toEqual([])
  expect(texts(queue.take(1_000))).toEqual(['stays'])
})
