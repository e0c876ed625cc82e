import { expect, test } from 'vitest'
import { Outbox } from '../../src/state/outbox.ts'

const entry = (clientId: string): { clientId: string; text: string } => ({ clientId, text: `text of ${clientId}` })

test('what waits is listed oldest first', () => {
  const outbox = new Outbox<{ clientId: string; text: string }>()
  for (const id of ['c', 'a', 'b']) outbox.add(entry(id))
  expect(outbox.size).toBe(3)
  expect(outbox.entries()).toEqual([entry('c'), entry('a'), entry('b')])
})

test('an entry is settled once, and the order of the rest stays', () => {
  const outbox = new Outbox<{ clientId: string; text: string }>()
  for (const id of ['c', 'a', 'b']) outbox.add(entry(id))
  expect(outbox.has('a')).toBe(true)
  expect(outbox.settle('a')).toEqual(entry('a'))
  expect(outbox.has('a')).toBe(false)
  expect(outbox.settle('a')).toBeUndefined()
  expect(outbox.settle('never')).toBeUndefined()
  expect(outbox.entries()).toEqual([entry('c'), entry('b')])
})

test('the list is a copy: settling while walking it skips nobody', () => {
  const outbox = new Outbox<{ clientId: string; text: string }>()
  for (const id of ['a', 'b', 'c']) outbox.add(entry(id))
  const walked = outbox.entries().map(({ clientId }) => outbox.settle(clientId)?.clientId)
  expect(walked).toEqual(['a', 'b', 'c'])
  expect(outbox.size).toBe(0)
})
