import { expect, test } from 'vitest'
import type { Channel } from '../../src/client/channels/channel.ts'
import type { HistoryOptions } from '../../src/client/channels/history.ts'
import { FakeLog } from '../../src/testing/fake-log.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { channelAt } from './wire-data.ts'

/** A client of a server whose general has a log of so many messages. */
async function withLog(count: number) {
  const log = new FakeLog('general')
  const made = await signedInClient()
  const { peer } = made
  peer.answers['history.page'] = ({ limit = 50, ...where }) => log.page(where, limit)
  peer.answers['channel.join'] = () => ({ channel: channelAt(log.head, 'general', log.epoch) })
  const post = (): object | undefined => {
    const appended = log.append({ author: { id: 'u2', name: 'ben' }, clientId: `c${log.head}`, text: 'text' })
    return appended === 'out_of_order' ? undefined : appended.entry
  }
  for (let at = 0; at < count; at++) post()
  const general = made.client.channels.get('general')
  return { ...made, log, general, post }
}

/** The first and the last seq of each page. */
async function pagesOf(channel: Channel, options: HistoryOptions): Promise<(number | undefined)[][]> {
  const pages: (number | undefined)[][] = []
  for await (const { messages } of channel.history(options)) pages.push([messages[0]?.seq, messages.at(-1)?.seq])
  return pages
}

test('[HIST-1] on from a message, the oldest page first, to the newest', async () => {
  const { general } = await withLog(25)
  expect(await pagesOf(general, { after: 4, limit: 10 })).toEqual([
    [5, 14],
    [15, 24],
    [25, 25],
  ])
  expect(await pagesOf(general, { after: 15, limit: 10 })).toEqual([[16, 25]])
  expect(await pagesOf(general, { after: 25, limit: 10 })).toEqual([[undefined, undefined]])
})

test('[HIST-3] on from a message it ends with what live has told, or where live began', async () => {
  const { general, post, peer } = await withLog(20)
  const told: number[] = []
  general.on('message', ({ seq }) => told.push(seq))
  await settle()
  for (let at = 0; at < 5; at++) peer.connection.send(post() ?? {})
  // In the log, and not yet told.
  const late = post()
  expect(await pagesOf(general, { after: 10, limit: 10 })).toEqual([
    [11, 20],
    [21, 25],
  ])
  expect(await pagesOf(general, { after: 10, limit: 4, before: 'live' })).toEqual([
    [11, 14],
    [15, 18],
    [19, 20],
  ])
  peer.connection.send(late ?? {})
  expect(told).toEqual([21, 22, 23, 24, 25, 26])
})

test('[HIST-1] a page around a message, and on from both its ends', async () => {
  const { general } = await withLog(30)
  const page = await general.page({ around: 15, limit: 6 })
  expect(page.messages.map(({ seq }) => seq)).toEqual([12, 13, 14, 15, 16, 17])
  expect(await pagesOf(general, { before: 12, limit: 20 })).toEqual([[1, 11]])
  expect(await pagesOf(general, { after: 17, limit: 20 })).toEqual([[18, 30]])
})

test('[HIST-3] a page ends where live messages go on, and says that there is more where they have gone further', async () => {
  const { general, post, peer } = await withLog(20)
  general.on('message', () => {})
  await settle()
  const [first, second] = [post(), post()]
  const seqsOf = async (): Promise<unknown[]> => {
    const { messages, hasMoreAfter } = await general.page({ limit: 3 })
    return [messages.map(({ seq }) => seq), hasMoreAfter]
  }
  expect(await seqsOf()).toEqual([[20], false])
  peer.connection.send(first ?? {})
  expect(await seqsOf()).toEqual([[20, 21], false])
  peer.connection.send(second ?? {})
  expect(await seqsOf()).toEqual([[20, 21, 22], false])
  const { answers } = peer
  const answer = answers['history.page']
  answers['history.page'] = (asked) => {
    const page = answer?.(asked)
    peer.connection.send(post() ?? {})
    return page
  }
  expect(await seqsOf()).toEqual([[20, 21, 22], true])
})

test('[HIST-2] a server that says there is more, and gives nothing, is asked no more', async () => {
  const { general, peer } = await withLog(3)
  const nothing = { messages: [], epoch: 'e1', asOf: 3, hasMoreBefore: true, hasMoreAfter: false }
  peer.answers['history.page'] = () => nothing
  expect(await pagesOf(general, {})).toEqual([[undefined, undefined]])
})

for (const isJoined of [true, false]) {
  test(`[RES-3] a walk ends where the log becomes another one, and says so (${isJoined ? 'joined' : 'not joined'})`, async () => {
    const { general, log } = await withLog(30)
    const resets: unknown[] = []
    general.on('reset', (head) => resets.push(head))
    if (isJoined) await general.join()
    const walk = general.history({ limit: 10 })
    expect((await walk.next()).value?.messages).toHaveLength(10)
    log.epoch = 'e2'
    expect(await walk.next()).toEqual({ done: true, value: undefined })
    expect(resets).toEqual([{ epoch: 'e2', head: 30 }])
  })
}

test('[HIST-6] a deleted message is in its page as a tombstone', async () => {
  const { general, log } = await withLog(3)
  log.delete(2)
  const { messages } = await general.page()
  expect(messages.map(({ seq, deleted, text }) => [seq, deleted, text])).toEqual([
    [1, undefined, 'text'],
    [2, true, ''],
    [3, undefined, 'text'],
  ])
})
