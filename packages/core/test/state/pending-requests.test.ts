import { expect, test } from 'vitest'
import { PendingRequests } from '../../src/state/pending-requests.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { watchedSignal } from './watched-signal.ts'

const DEADLINE = { deadline: 10_000 }

function start(): { clock: ManualClock; pending: PendingRequests } {
  const clock = new ManualClock()
  return { clock, pending: new PendingRequests(clock) }
}

test('[MSG-1] each request gets an id of its own, and the reply with that id', async () => {
  const { pending } = start()
  const first = pending.open('channel.list', DEADLINE)
  const second = pending.open('channel.join', DEADLINE)
  expect([first.id, second.id]).toEqual([1, 2])
  expect(pending.settle({ re: second.id, data: 'two' })).toBe('channel.join')
  expect(pending.settle({ re: first.id, data: 'one' })).toBe('channel.list')
  expect(await Promise.all([first.reply, second.reply])).toEqual(['one', 'two'])
})

test('an id tells its type for as long as it waits', () => {
  const { pending } = start()
  const { id } = pending.open('channel.list', DEADLINE)
  expect(pending.typeOf(id)).toBe('channel.list')
  expect(pending.typeOf(id + 1)).toBeUndefined()
  pending.settle({ re: id, data: {} })
  expect(pending.typeOf(id)).toBeUndefined()
})

test('[MSG-7] a reply that did not come by the deadline leaves the outcome unknown', async () => {
  const { clock, pending } = start()
  const { reply } = pending.open('message.send', DEADLINE)
  const failure = expect(reply).rejects.toMatchObject({
    name: 'RequestError',
    reason: 'unknown',
    message: 'message.send was sent and no reply came: the deadline of 10000 ms passed',
  })
  clock.advance(9_999)
  expect(pending.size).toBe(1)
  clock.advance(1)
  expect(pending.size).toBe(0)
  await failure
})

test('[MSG-7] a refusal is failed, and carries the code', async () => {
  const { pending } = start()
  const { id, reply } = pending.open('message.send', DEADLINE)
  pending.settle({ re: id, error: { code: 'forbidden', message: 'not yours', retryable: false } })
  await expect(reply).rejects.toMatchObject({ reason: 'failed', code: 'forbidden', retryable: false })
})

test('[MSG-7] what waits when the connection goes is unknown', async () => {
  const { clock, pending } = start()
  const replies = [pending.open('message.send', DEADLINE).reply, pending.open('channel.list', DEADLINE).reply]
  pending.abandon('the connection closed')
  expect(pending.size).toBe(0)
  expect(clock.waiting).toBe(0)
  const why = 'was sent and no reply came: the connection closed'
  const outcomes = await Promise.allSettled(replies)
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { reason: 'unknown', message: `message.send ${why}` } },
    { status: 'rejected', reason: { reason: 'unknown', message: `channel.list ${why}` } },
  ])
})

test('ids go on after the connection went: a late reply of the old one cannot meet a new request', () => {
  const { pending } = start()
  const before = pending.open('channel.list', DEADLINE)
  before.reply.catch(() => {})
  pending.abandon('gone')
  expect(pending.open('channel.list', DEADLINE).id).toBe(before.id + 1)
})

test('an aborted request rejects with the reason of its signal', async () => {
  const { clock, pending } = start()
  const { signal, controller, listening } = watchedSignal()
  const { reply } = pending.open('channel.list', { ...DEADLINE, signal })
  const reason = new Error('enough')
  controller.abort(reason)
  expect(pending.size).toBe(0)
  expect(clock.waiting).toBe(0)
  expect(listening()).toBe(0)
  await expect(reply).rejects.toBe(reason)
})

test('a reply after the end of its request is ignored, whatever ended it', async () => {
  const { clock, pending } = start()
  const controller = new AbortController()
  const answered = pending.open('channel.list', DEADLINE)
  const aborted = pending.open('channel.list', { ...DEADLINE, signal: controller.signal })
  const timedOut = pending.open('channel.list', DEADLINE)
  pending.settle({ re: answered.id, data: 'first' })
  controller.abort(new Error('enough'))
  clock.advance(10_000)
  const outcomes = Promise.allSettled([answered.reply, aborted.reply, timedOut.reply])
  for (const { id } of [answered, aborted, timedOut]) {
    expect(pending.settle({ re: id, data: 'late' })).toBeUndefined()
  }
  expect(await outcomes).toMatchObject([
    { status: 'fulfilled', value: 'first' },
    { status: 'rejected', reason: { message: 'enough' } },
    { status: 'rejected', reason: { reason: 'unknown' } },
  ])
})

test('a reply to nothing is ignored', () => {
  const { pending } = start()
  expect(pending.settle({ re: 1, data: {} })).toBeUndefined()
})

test('an answered request leaves no timer and no listener', async () => {
  const { clock, pending } = start()
  const { signal, listening } = watchedSignal()
  const { id, reply } = pending.open('channel.list', { ...DEADLINE, signal })
  expect([clock.waiting, listening()]).toEqual([1, 1])
  pending.settle({ re: id, data: {} })
  await reply
  expect([clock.waiting, listening()]).toEqual([0, 0])
})
