import { expect, test } from 'vitest'
import type { Channel } from '../../src/client/channels/channel.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { channelAt, entriesOf, entryAt, messageAt } from './wire-data.ts'

/** The seqs of the messages that the channel tells, and what stalled it. */
function listen(channel: Channel): { seqs: number[]; stalled: unknown[] } {
  const seqs: number[] = []
  const stalled: unknown[] = []
  channel.on('message', ({ seq }) => seqs.push(seq))
  channel.on('stalled', (why) => stalled.push(why))
  return { seqs, stalled }
}

test('[CHAN-1] the channels are listed in their order', async () => {
  const channels = [channelAt(3, 'zebra'), channelAt(0, 'apple')]
  const { client } = await signedInClient({ answers: { 'channel.list': () => ({ channels }) } })
  expect(await client.channels.list()).toEqual(channels)
})

test('the handle of a channel is the same each time, and costs nothing until it is used', async () => {
  const { client, peer } = await signedInClient()
  expect(client.channels.get('general')).toBe(client.channels.get('general'))
  await settle()
  expect(peer.types).toEqual(['auth.login'])
})

test('[CHAN-2] the first listener joins, and live messages come from the head that the reply names', async () => {
  const { client, peer } = await signedInClient()
  const { seqs } = listen(client.channels.get('general'))
  client.channels.get('general').on('message', () => {})
  await settle()
  expect(peer.asked('channel.join')).toEqual([{ channel: 'general' }])
  peer.connection.send(entryAt(41))
  peer.connection.send(entryAt(42))
  peer.connection.send(entryAt(43))
  expect(seqs).toEqual([42, 43])
})

test('a message comes out as it was sent', async () => {
  const { client, peer } = await signedInClient()
  const messages: unknown[] = []
  client.channels.get('general').on('message', (message) => messages.push(message))
  await settle()
  peer.connection.send(entryAt(42))
  expect(messages).toEqual([messageAt(42)])
})

test('an entry goes to its own channel alone', async () => {
  const { client, peer } = await signedInClient()
  const general = listen(client.channels.get('general'))
  const lounge = listen(client.channels.get('lounge'))
  await settle()
  peer.connection.send(entryAt(42, 'lounge'))
  peer.connection.send(entryAt(42, 'elsewhere'))
  expect([general.seqs, lounge.seqs]).toEqual([[], [42]])
})

test('[CHAN-2] entries that overtake the reply to the join come out after it', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.join': () => undefined } })
  const { seqs, stalled } = listen(client.channels.get('general'))
  await settle()
  for (const seq of [41, 42, 43]) peer.connection.send(entryAt(seq))
  expect(seqs).toEqual([])
  peer.reply('channel.join', { channel: channelAt(41) })
  peer.connection.send(entryAt(44))
  await settle()
  expect(seqs).toEqual([42, 43, 44])
  expect(stalled).toEqual([])
})

test('[RES-2] a gap among live entries is read from the log, while later ones are held', async () => {
  const { client, peer } = await signedInClient()
  const { seqs } = listen(client.channels.get('general'))
  await settle()
  peer.connection.send(entryAt(45))
  await settle()
  expect(seqs).toEqual([])
  expect(peer.asked('log.read')).toEqual([{ channel: 'general', after: 41, limit: 100 }])
  peer.connection.send(entryAt(46))
  peer.reply('log.read', { entries: entriesOf(42, 45), epoch: 'e1', head: 45 })
  await settle()
  expect(seqs).toEqual([42, 43, 44, 45, 46])
  expect(peer.asked('log.read')).toHaveLength(1)
})

test('[TURN-2] a lagging channel is read up to where it went, page by page', async () => {
  const { client, peer } = await signedInClient()
  const { seqs } = listen(client.channels.get('general'))
  await settle()
  peer.answers['log.read'] = ({ after }) => ({
    entries: entriesOf(after + 1, Math.min(after + 100, 290)),
    epoch: 'e1',
    head: 290,
  })
  peer.connection.send({ type: 'channel.lagging', data: { channel: 'general', seq: 290 } })
  await settle()
  expect(peer.asked('log.read').map(({ after }) => after)).toEqual([41, 141, 241])
  expect(seqs).toEqual(Array.from({ length: 249 }, (_, index) => 42 + index))
})

test('[TURN-2] a lagging notice that overtakes the reply to the join is not lost', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.join': () => undefined } })
  const { seqs } = listen(client.channels.get('general'))
  await settle()
  peer.answers['log.read'] = () => ({ entries: entriesOf(42, 43), epoch: 'e1', head: 43 })
  peer.reply('channel.join', { channel: channelAt(41) })
  peer.connection.send({ type: 'channel.lagging', data: { channel: 'general', seq: 43 } })
  await settle()
  expect(seqs).toEqual([42, 43])
})

test('catching up that fails is told, and the next entry tries again', async () => {
  const { client, peer } = await signedInClient()
  const { seqs, stalled } = listen(client.channels.get('general'))
  await settle()
  peer.answers['log.read'] = () => new Refusal('unavailable', { retryable: true })
  peer.connection.send(entryAt(43))
  await settle()
  expect(stalled).toMatchObject([{ reason: 'failed', code: 'unavailable' }])
  peer.answers['log.read'] = () => ({ entries: entriesOf(42, 44), epoch: 'e1', head: 44 })
  peer.connection.send(entryAt(44))
  await settle()
  expect(seqs).toEqual([42, 43, 44])
})

test('a log that ends before its head stalls the channel instead of asking for ever', async () => {
  const { client, peer } = await signedInClient()
  const { stalled } = listen(client.channels.get('general'))
  await settle()
  peer.answers['log.read'] = () => ({ entries: [], epoch: 'e1', head: 43 })
  peer.connection.send(entryAt(43))
  await settle()
  expect(stalled).toEqual([new Error('the log of general has nothing after 41')])
  expect(peer.asked('log.read')).toHaveLength(1)
})

test('[CHAN-3] a join that is refused rejects, and stalls a channel that only listens', async () => {
  const { client } = await signedInClient({ answers: { 'channel.join': () => new Refusal('not_found') } })
  await expect(client.channels.get('nowhere').join()).rejects.toMatchObject({ code: 'not_found' })
  const { stalled } = listen(client.channels.get('elsewhere'))
  await settle()
  expect(stalled).toMatchObject([{ reason: 'failed', code: 'not_found' }])
})

test('a channel that somebody listens to before signing in is joined by the sign-in', async () => {
  const { client, peer } = testClient()
  const { seqs } = listen(client.channels.get('general'))
  await settle()
  await client.login({ name: 'mei', password: 'long enough' })
  await settle()
  expect(peer.types).toEqual(['auth.login', 'channel.join'])
  peer.connection.send(entryAt(42))
  expect(seqs).toEqual([42])
})

test('[CHAN-2] a channel that was left tells nothing more', async () => {
  const { client, peer } = await signedInClient()
  const channel = client.channels.get('general')
  const { seqs } = listen(channel)
  await settle()
  await channel.leave()
  expect(peer.asked('channel.leave')).toEqual([{ channel: 'general' }])
  peer.connection.send(entryAt(42))
  await settle()
  expect(seqs).toEqual([])
})

test('[CHAN-2] a channel that was left and joined again counts from the second join', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.join': () => undefined } })
  const channel = client.channels.get('general')
  const { seqs } = listen(channel)
  await settle()
  await channel.leave()
  const again = outcomeOf(channel.join())
  await settle()
  const [first, second] = peer.connection.received.filter(({ type }) => type === 'channel.join')
  peer.connection.send({ re: first?.id, data: { channel: channelAt(41) } })
  await settle()
  expect(again.status).toBe('pending')
  peer.connection.send({ re: second?.id, data: { channel: channelAt(45) } })
  await settle()
  expect(again.status).toBe('fulfilled')
  peer.connection.send(entryAt(46))
  await settle()
  expect(seqs).toEqual([46])
})

test('[HIST-1] history pages go back from where live began, without overlap and without hole', async () => {
  const { client, peer } = await signedInClient()
  const channel = client.channels.get('general')
  await channel.join()
  peer.connection.send(entryAt(42))
  peer.answers['history.page'] = ({ before = 0, limit = 0 }) => ({
    messages: entriesOf(before - limit, before - 1).map(({ data }) => data.message),
    epoch: 'e1',
    asOf: 42,
    hasMoreBefore: before - limit > 1,
    hasMoreAfter: true,
  })
  const pages: number[][] = []
  for await (const { messages } of channel.history({ limit: 20 })) {
    pages.push(messages.map(({ seq }) => seq))
    if (pages.length === 2) break
  }
  expect(peer.asked('history.page').map(({ before }) => before)).toEqual([42, 22])
  expect(pages.map((seqs) => [seqs[0], seqs.at(-1)])).toEqual([
    [22, 41],
    [2, 21],
  ])
})

test('[HIST-2] history ends with the page that has nothing before it', async () => {
  const { client, peer } = await signedInClient()
  peer.answers['history.page'] = ({ before = 99 }) => ({
    messages: [messageAt(before - 1)],
    epoch: 'e1',
    asOf: 99,
    hasMoreBefore: before > 3,
    hasMoreAfter: false,
  })
  const seqs: (number | undefined)[] = []
  for await (const { messages } of client.channels.get('general').history({ before: 5 })) seqs.push(messages[0]?.seq)
  expect(seqs).toEqual([4, 3, 2])
})

test('history of a channel that is not joined starts with the newest page', async () => {
  const { client, peer } = await signedInClient()
  const history = client.channels.get('general').history()
  const page = { messages: [], epoch: 'e1', asOf: 0, hasMoreBefore: false, hasMoreAfter: false }
  peer.answers['history.page'] = () => page
  expect(await history.next()).toEqual({ done: false, value: page })
  expect(await history.next()).toEqual({ done: true, value: undefined })
  expect(peer.asked('history.page')).toEqual([{ channel: 'general' }])
})
