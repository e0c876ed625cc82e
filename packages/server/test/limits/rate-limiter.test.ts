import { RATES } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { RateLimiter } from '../../src/limits/rate-limiter.ts'

const ONE = { burst: 1, perSecond: 1 }

test('[LIMIT-1] each user and each type is counted by itself', () => {
  const limiter = new RateLimiter(new ManualClock(), { 'message.send': ONE, 'log.read': ONE })
  expect(limiter.take('user a', 'message.send')).toBe(0)
  expect(limiter.take('user a', 'message.send')).toBe(1_000)
  expect(limiter.take('user a', 'log.read')).toBe(0)
  expect(limiter.take('user b', 'message.send')).toBe(0)
})

test('[LIMIT-1] a type without a rate of its own has the default one, and unknown types share one', () => {
  const limiter = new RateLimiter(new ManualClock(), { '*': ONE })
  expect(limiter.take('user a', 'channel.list')).toBe(0)
  expect(limiter.take('user a', 'recording.list')).toBe(0)
  expect(limiter.take('user a', 'channel.list')).toBe(1_000)
  expect(limiter.take('user a', 'no.such')).toBe(0)
  expect(limiter.take('user a', 'nor.this')).toBe(1_000)
  expect(limiter.take('user a', 'constructor')).toBe(1_000)
})

test('what is not told stays as the protocol has it, and off lets everything pass', () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter(clock, { 'log.read': ONE, 'message.send': undefined })
  for (let count = 0; count < RATES['message.send'].burst; count++)
    expect(limiter.take('user a', 'message.send')).toBe(0)
  expect(limiter.take('user a', 'message.send')).toBe(50)
  const off = new RateLimiter(clock, 'off')
  for (let count = 0; count < 10_000; count++) expect(off.take('user a', 'message.send')).toBe(0)
  expect(off.size).toBe(0)
})

test('[LIMIT-4] buckets that are full again are forgotten, the others are not, and nothing is left to do', () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter(clock, { 'message.send': ONE, 'log.read': { burst: 1, perSecond: 0.1 } })
  for (let user = 0; user < 100; user++) limiter.take(`user ${user}`, 'message.send')
  limiter.take('user 5', 'log.read')
  expect(limiter.size).toBe(101)
  clock.advance(5_000)
  expect(limiter.size).toBe(1)
  expect(limiter.take('user 5', 'log.read')).toBe(5_000)
  clock.advance(5_000)
  expect([limiter.size, clock.waiting]).toEqual([0, 0])
})

test('[LIMIT-4] past the most that are kept, the one used least recently is forgotten', () => {
  const limiter = new RateLimiter(new ManualClock(), { 'message.send': ONE }, 3)
  for (const user of ['a', 'b', 'c', 'a', 'd']) limiter.take(user, 'message.send')
  expect(limiter.size).toBe(3)
  expect(limiter.take('a', 'message.send')).toBe(1_000)
  expect(limiter.take('b', 'message.send')).toBe(0)
})

test('a rate that lets nothing pass is refused when the server is made', () => {
  expect(() => new RateLimiter(new ManualClock(), { http: { burst: 0, perSecond: 1 } })).toThrow(RangeError)
})
