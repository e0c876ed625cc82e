import { expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import { FakeLog } from '../../src/testing/fake-log.ts'

const AUTHOR = { id: 'u1', name: 'mei' }

function logOf(count: number): FakeLog {
  const log = new FakeLog('general')
  for (let at = 1; at <= count; at++) log.append({ author: AUTHOR, clientId: `c${at}`, text: `text ${at}` })
  return log
}

const seqs = ({ messages }: { messages: readonly Message[] }): number[] => messages.map(({ seq }) => seq)

test('[SEND-2][SEND-6] a repeat is the first message again, and what it names must be there', () => {
  const log = logOf(1)
  const again = log.append({ author: AUTHOR, clientId: 'c1', text: 'another' })
  expect(again).toEqual({ entry: log.entries[0], isNew: false })
  expect(log.append({ author: AUTHOR, clientId: 'c3', text: 'three', after: 'c2' })).toBe('out_of_order')
  expect(log.append({ author: { id: 'u2', name: 'ben' }, clientId: 'c1', text: 'mine' })).toMatchObject({ isNew: true })
  expect(log.head).toBe(2)
})

test('[EDIT-3] reading gives what a message is now, an entry that leaves what it was', () => {
  const log = logOf(2)
  const [live] = log.entries
  const changed = log.change(1, { text: 'better' })
  expect(live?.data.message).toMatchObject({ text: 'text 1', rev: 1 })
  expect(changed).toMatchObject({ type: 'message.changed', seq: 3, data: { message: { seq: 1, rev: 3, ordinal: 1 } } })
  const { entries, head } = log.read(0, 2)
  expect([head, ...entries.map(({ data }) => data.message.text)]).toEqual([3, 'better', 'text 2'])
})

test('[EDIT-2] a tombstone keeps its place and nothing else, and is not changed again', () => {
  const log = logOf(2)
  log.delete(1)
  expect(log.messages[0]).toMatchObject({ seq: 1, ordinal: 1, rev: 3, text: '', deleted: true })
  expect([log.delete(1), log.change(1, { text: 'back' })]).toEqual([undefined, undefined])
  expect(log.texts).toEqual(['', 'text 2'])
})

test('[HIST-1][HIST-2] pages before, after and around a message', () => {
  const log = logOf(10)
  log.change(3, { text: 'better' })
  const page = (where: Parameters<FakeLog['page']>[0], limit: number): unknown[] => {
    const found = log.page(where, limit)
    return [seqs(found), found.hasMoreBefore, found.hasMoreAfter]
  }
  expect(page({}, 3)).toEqual([[8, 9, 10], true, false])
  expect(page({ before: 3 }, 3)).toEqual([[1, 2], false, true])
  expect(page({ after: 3 }, 3)).toEqual([[4, 5, 6], true, true])
  expect(page({ after: 8 }, 3)).toEqual([[9, 10], true, false])
  expect(page({ around: 5 }, 4)).toEqual([[3, 4, 5, 6], true, true])
  expect(page({ around: 1 }, 4)).toEqual([[1, 2, 3, 4], false, true])
  expect(page({ around: 10 }, 4)).toEqual([[7, 8, 9, 10], true, false])
  expect(log.page({}, 3)).toMatchObject({ epoch: 'e1', asOf: 11 })
})
