import { expect, test } from 'vitest'
import { SendQueue } from '../../src/state/send-queue.ts'

interface Entry {
  readonly clientId: string
  readonly channel: string
}

const entry = (clientId: string, channel = 'general'): Entry => ({ clientId, channel })

function queueOf(...ids: string[]): SendQueue<Entry> {
  const queue = new SendQueue<Entry>()
  for (const id of ids) queue.add(entry(id))
  return queue
}

/** What leaves, as `id` or `id<after`. */
function taken(queue: SendQueue<Entry>, most = 100): string[] {
  return queue.take(most).map(({ entry: { clientId }, after }) => (after ? `${clientId}<${after}` : clientId))
}

test('what waits is listed oldest first, and settled once', () => {
  const queue = queueOf('c', 'a', 'b')
  expect(queue.size).toBe(3)
  expect(queue.settle('a')).toEqual(entry('a'))
  expect(queue.get('a')).toBeUndefined()
  expect(queue.settle('a')).toBeUndefined()
  expect(queue.settle('never')).toBeUndefined()
  expect(queue.entries()).toEqual([entry('c'), entry('b')])
})

test('the list is a copy: settling while walking it skips nobody', () => {
  const queue = queueOf('a', 'b', 'c')
  const walked = queue.entries().map(({ clientId }) => queue.settle(clientId)?.clientId)
  expect(walked).toEqual(['a', 'b', 'c'])
  expect(queue.size).toBe(0)
})

test('[SEND-6] what leaves names the one before it of its channel, unless that one has its answer', () => {
  const queue = queueOf('a', 'b')
  queue.add(entry('x', 'lounge'))
  expect(taken(queue)).toEqual(['a', 'b<a', 'x'])
  expect(taken(queue)).toEqual([])
  queue.add(entry('c'))
  queue.add(entry('y', 'lounge'))
  queue.settle('x')
  expect(taken(queue)).toEqual(['c<b', 'y'])
  for (const id of ['a', 'b', 'c']) queue.settle(id)
  queue.add(entry('d'))
  expect(taken(queue)).toEqual(['d'])
})

test('at most so many leave at a time, and the rest later, in order', () => {
  const queue = queueOf('a', 'b', 'c')
  expect(taken(queue, 0)).toEqual([])
  expect(taken(queue, -3)).toEqual([])
  expect(taken(queue, 2)).toEqual(['a', 'b<a'])
  expect(taken(queue, 2)).toEqual(['c<b'])
})

test('[SEND-7] nothing of a channel leaves before one that waits for its next try', () => {
  const queue = queueOf('a', 'b', 'c')
  queue.add(entry('x', 'lounge'))
  taken(queue, 2)
  queue.put('a', 'retrying')
  queue.put('b', 'waiting')
  expect(queue.progressOf('a')).toBe('retrying')
  expect(taken(queue)).toEqual(['x'])
  queue.put('a', 'waiting')
  expect(taken(queue)).toEqual(['a', 'b<a', 'c<b'])
})

test('[SEND-7] one that is out of the way is named by nobody', () => {
  const queue = queueOf('a', 'b', 'c')
  taken(queue)
  queue.settle('b')
  queue.put('c', 'waiting')
  expect(taken(queue)).toEqual(['c<a'])
})

test('[SEND-8] what is adopted goes before what has not left, behind what was adopted before', () => {
  const queue = queueOf('own 1')
  taken(queue)
  queue.add(entry('own 2'))
  queue.adopt([entry('first'), entry('second')])
  queue.adopt([entry('third')])
  expect(queue.entries().map(({ clientId }) => clientId)).toEqual(['own 1', 'first', 'second', 'third', 'own 2'])
  expect(taken(queue)).toEqual(['first<own 1', 'second<first', 'third<second', 'own 2<third'])
})
