import { expect, test } from 'vitest'
import { Unread } from '../../src/state/unread.ts'

const marker = (seq: number, ordinal: number, unread: number, mentions = 0) => ({ seq, ordinal, unread, mentions })
const message = (ordinal: number, ...mentions: string[]) => ({ ordinal, mentions })

test('nothing is known before a marker came', () => {
  const unread = new Unread()
  unread.came(message(5, 'mei'), 'mei')
  expect(unread.count).toBeUndefined()
})

test('[READ-2] messages above the marker are unread, and those of them that mention the user are counted', () => {
  const unread = new Unread()
  unread.marked(marker(10, 8, 2, 1))
  expect(unread.count).toEqual({ unread: 2, mentions: 1 })
  unread.came(message(11), 'mei')
  unread.came(message(12, 'ben', 'mei'), 'mei')
  unread.came(message(13, 'ben'), 'mei')
  expect(unread.count).toEqual({ unread: 5, mentions: 2 })
})

test('[READ-2] a message that the marker has counted is not counted again', () => {
  const unread = new Unread()
  unread.came(message(9, 'mei'), 'mei')
  unread.came(message(11, 'mei'), 'mei')
  unread.marked(marker(10, 8, 2, 1))
  for (const ordinal of [9, 10]) unread.came(message(ordinal, 'mei'), 'mei')
  expect(unread.count).toEqual({ unread: 3, mentions: 2 })
})

test('[READ-1] a newer marker takes over, an older one changes nothing', () => {
  const unread = new Unread()
  unread.marked(marker(10, 8, 2, 1))
  unread.came(message(11, 'mei'), 'mei')
  unread.marked(marker(14, 11, 0))
  expect([unread.count, unread.seq]).toEqual([{ unread: 0, mentions: 0 }, 14])
  unread.marked(marker(10, 8, 3, 2))
  unread.marked(marker(14, 10, 0, 1))
  expect([unread.count, unread.seq]).toEqual([{ unread: 0, mentions: 0 }, 14])
})

test('[READ-1] a marker that was made before the newest message does not hide it', () => {
  const unread = new Unread()
  unread.marked(marker(10, 8, 2))
  unread.came(message(11, 'mei'), 'mei')
  unread.marked(marker(13, 10, 0))
  expect(unread.count).toEqual({ unread: 1, mentions: 1 })
})

test('an edit that takes a mention out, or puts one in, is counted', () => {
  const unread = new Unread()
  unread.marked(marker(0, 0, 0))
  unread.came(message(1, 'mei'), 'mei')
  unread.came(message(2), 'mei')
  unread.came(message(1), 'mei')
  expect(unread.count).toEqual({ unread: 2, mentions: 0 })
  unread.came(message(2, 'mei'), 'mei')
  expect(unread.count).toEqual({ unread: 2, mentions: 1 })
})

test('mentions are counted up to a thousand above what the server has counted', () => {
  const unread = new Unread()
  unread.marked(marker(0, 0, 0, 5))
  for (let ordinal = 1; ordinal <= 1_500; ordinal++) unread.came(message(ordinal, 'mei'), 'mei')
  expect(unread.count).toEqual({ unread: 1_500, mentions: 1_005 })
})

test('another log, or another user, begins anew', () => {
  const unread = new Unread()
  unread.marked(marker(10, 8, 2))
  unread.clear()
  expect([unread.count, unread.seq]).toEqual([undefined, 0])
  unread.marked(marker(3, 2, 1))
  expect(unread.count).toEqual({ unread: 1, mentions: 0 })
})
