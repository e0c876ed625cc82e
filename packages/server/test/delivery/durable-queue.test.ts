import { expect, test } from 'vitest'
import { DurableQueue } from '../../src/delivery/durable-queue.ts'
import { type EntryBlock, joinEntries } from '../../src/delivery/entry-block.ts'

/** A turn's entries of a channel, of which the last has this seq. */
function block(seq: number, ...texts: string[]): EntryBlock {
  return joinEntries(
    texts.map((text) => Buffer.from(text)),
    seq,
  )
}

function blockOf(seq: number, bytes: number): EntryBlock {
  return joinEntries([Buffer.alloc(bytes)], seq)
}

function texts(entries: Buffer[]): string[] {
  return entries.map(String)
}

test('entries come out in order, in slices of about the size asked for, at least one', () => {
  const queue = new DurableQueue()
  for (const [at, text] of ['aaaa', 'bb', 'cccccc', 'd'].entries()) queue.push('general', block(at + 1, text))
  expect(texts(queue.take(1))).toEqual(['aaaa'])
  expect(texts(queue.take(3))).toEqual(['bb', 'cccccc'])
  expect(texts(queue.take(1_000))).toEqual(['d'])
  expect(queue.take(1_000)).toEqual([])
})

test('of a block whole entries are taken, as many as the size asked for takes, and nothing is copied', () => {
  const queue = new DurableQueue()
  const entries = block(4, 'aaaa', 'bb', 'cccccc', 'd')
  queue.push('general', entries)
  expect(queue.size).toBe(4)
  expect(texts(queue.take(5))).toEqual(['aaaabb'])
  expect(queue.size).toBe(2)
  queue.push('lounge', block(1, 'e'))
  const [rest, other] = queue.take(8)
  expect([rest, other].map(String)).toEqual(['ccccccd', 'e'])
  expect(rest?.buffer).toBe(entries.bytes.buffer)
  expect(queue.size).toBe(0)
})

test('[TURN-2] a block counts by its entries, and what was taken of it no longer', () => {
  const queue = new DurableQueue()
  queue.push('general', block(999, ...Array.from({ length: 999 }, () => 'x')))
  expect(queue.take(2)).toHaveLength(1)
  expect(queue.push('lounge', block(3, 'a', 'b', 'c'))).toBe(false)
  expect(queue.push('lounge', block(4, 'd'))).toBe(true)
  expect(queue.takeLagging()).toEqual([['lounge', 4]])
  expect(queue.take(1_000).map(({ length }) => length)).toEqual([997])
})

test('[TURN-2] the 1,001st entry makes its channel lag: its entries go, and its newest seq is told once', () => {
  const queue = new DurableQueue()
  for (let seq = 1; seq <= 999; seq++) expect(queue.push('general', block(seq, 'x'))).toBe(false)
  expect(queue.push('lounge', block(1, 'other'))).toBe(false)
  expect(queue.push('general', block(1_000, 'x'))).toBe(true)
  expect(queue.push('general', block(1_001, 'x'))).toBe(true)
  expect(texts(queue.take(1_000_000))).toEqual(['other'])
  expect(queue.takeLagging()).toEqual([['general', 1_001]])
  expect(queue.takeLagging()).toEqual([])
  expect(queue.push('general', block(1_002, 'again'))).toBe(false)
  expect(texts(queue.take(1))).toEqual(['again'])
})

test('[TURN-2] the byte past 1 MiB makes a channel lag, and the room is the others’ again', () => {
  const queue = new DurableQueue()
  expect(queue.push('general', blockOf(1, 1_048_575))).toBe(false)
  expect(queue.push('lounge', block(1, 'x'))).toBe(false)
  expect(queue.push('general', block(2, 'x'))).toBe(true)
  expect(queue.push('lounge', blockOf(2, 1_048_575))).toBe(false)
  expect(queue.push('lounge', block(3, 'x'))).toBe(true)
  expect(queue.takeLagging()).toEqual([
    ['general', 2],
    ['lounge', 3],
  ])
})

test('what was taken makes room', () => {
  const queue = new DurableQueue()
  queue.push('general', blockOf(1, 1_048_576))
  queue.take(1)
  expect(queue.push('general', blockOf(2, 1_048_576))).toBe(false)
})

test('[TURN-2] a queue with nothing in it but a channel that lags is not empty', () => {
  const queue = new DurableQueue()
  for (let seq = 1; seq <= 1_001; seq++) queue.push('general', block(seq, 'x'))
  expect(queue.take(1_000_000)).toEqual([])
  expect(queue.size).toBeGreaterThan(0)
  queue.takeLagging()
  expect(queue.size).toBe(0)
})

test('a forgotten channel neither has entries nor lags', () => {
  const queue = new DurableQueue()
  queue.push('lounge', block(1, 'stays'))
  for (let seq = 1; seq <= 1_001; seq++) queue.push('general', block(seq, 'x'))
  queue.forget('general')
  expect(queue.takeLagging()).toEqual([])
  expect(texts(queue.take(1_000))).toEqual(['stays'])
})
