import { expect, test } from 'vitest'
import type { Message } from '../../src/protocol/message.ts'
import type { ReadMarker } from '../../src/protocol/read.ts'
import type { UnreadCount } from '../../src/state/unread.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { channelAt, entryAt, messageAt, SIGNED_IN } from './wire-data.ts'

/** A marker at `seq`, in a channel whose entries are all messages. */
const readTo = (seq: number, head = seq, mentions = 0): ReadMarker => {
  return { seq, ordinal: seq, unread: head - seq, mentions }
}

/** A client that listens to what general has unread; the server counts what is above 40. */
async function following(read = readTo(40, 41)) {
  const made = await signedInClient()
  made.peer.answers['channel.list'] = () => ({ channels: [{ ...channelAt(41), read }] })
  const general = made.client.channels.get('general')
  const told: UnreadCount[] = []
  general.on('unread', (count) => told.push(count))
  await settle()
  return { ...made, general, told }
}

function mentioning(seq: number, ...mentions: string[]): object {
  const message: Message = { ...messageAt(seq), mentions }
  return { type: 'message.created', channel: 'general', seq, data: { message } }
}

test('[READ-2] what is unread comes of the list of channels and grows with each message that comes', async () => {
  const { peer, general, told } = await following()
  expect(peer.types).toEqual(['auth.login', 'channel.join', 'channel.list'])
  peer.connection.send(entryAt(42))
  peer.connection.send(mentioning(43, 'u1', 'u2'))
  expect(told).toEqual([
    { unread: 1, mentions: 0 },
    { unread: 2, mentions: 0 },
    { unread: 3, mentions: 1 },
  ])
  expect(general.unread).toEqual({ unread: 3, mentions: 1 })
})

test('many that listen for what is unread read the list once', async () => {
  const { client, peer } = await signedInClient()
  for (const id of ['a', 'b', 'c']) client.channels.get(id).on('unread', () => {})
  client.channels.get('a').on('unread', () => {})
  await settle()
  expect(peer.asked('channel.list')).toHaveLength(1)
})

test('a handle that is made after the list was read knows what the list said, and what another device has read since', async () => {
  const { client, peer } = await signedInClient()
  expect(client.channels.get('other').unread).toBeUndefined()
  peer.answers['channel.list'] = () => ({ channels: [{ ...channelAt(41), read: readTo(30, 41, 2) }] })
  await client.channels.list()
  peer.connection.send({ type: 'read.changed', data: { channel: 'general', read: readTo(40, 41) } })
  peer.connection.send({ type: 'channel.changed', data: { channel: { ...channelAt(41), name: 'new name' } } })
  expect(client.channels.get('general').unread).toEqual({ unread: 1, mentions: 0 })
})

test('[READ-3] what another device has read is read here', async () => {
  const { peer, told } = await following()
  peer.connection.send({ type: 'read.changed', data: { channel: 'general', read: readTo(41) } })
  peer.connection.send({ type: 'read.changed', data: { channel: 'general', read: readTo(40, 41) } })
  expect(told.at(-1)).toEqual({ unread: 0, mentions: 0 })
  expect(told).toHaveLength(2)
})

test('[READ-3] what was read while one was away comes with the list after the reconnect', async () => {
  const made = await following()
  made.peer.answers['channel.list'] = () => ({ channels: [{ ...channelAt(41), read: readTo(41) }] })
  await reconnect(made)
  expect(made.told.at(-1)).toEqual({ unread: 0, mentions: 0 })
})

test('[READ-1] a mark without a place is at the newest that was given out, live or in a page', async () => {
  const { general, peer } = await following()
  peer.answers['read.mark'] = ({ seq }) => ({ read: readTo(seq) })
  await general.markRead()
  expect(peer.asked('read.mark')).toEqual([])
  peer.answers['history.page'] = () => {
    return { messages: [messageAt(41)], epoch: 'e1', asOf: 41, hasMoreBefore: false, hasMoreAfter: false }
  }
  await general.page()
  await general.markRead()
  peer.connection.send(entryAt(42))
  await general.markRead()
  expect(peer.asked('read.mark').map(({ seq }) => seq)).toEqual([41, 42])
  expect(general.unread).toEqual({ unread: 0, mentions: 0 })
})

test('[READ-1] of marks that are made while one is on its way the newest leaves, and none that says nothing new', async () => {
  const { general, peer } = await following()
  peer.answers['read.mark'] = () => undefined
  const marks = [41, 44, 43, 46, 40].map((seq) => outcomeOf(general.markRead(seq)))
  await settle()
  expect(peer.asked('read.mark').map(({ seq }) => seq)).toEqual([41])
  peer.reply('read.mark', { read: readTo(41, 46) })
  await settle()
  expect(marks.map(({ status }) => status)).toEqual(['fulfilled', 'pending', 'pending', 'pending', 'fulfilled'])
  expect(peer.asked('read.mark').map(({ seq }) => seq)).toEqual([41, 46])
  peer.reply('read.mark', { read: readTo(46) })
  await settle()
  expect(marks.every(({ status }) => status === 'fulfilled')).toBe(true)
  await general.markRead(45)
  expect(peer.asked('read.mark')).toHaveLength(2)
})

test('a mark that is refused rejects, and the one behind it leaves all the same', async () => {
  const { general, peer } = await following()
  peer.answers['read.mark'] = ({ seq }) => (seq === 41 ? new Refusal('not_found') : { read: readTo(seq) })
  const marks = [41, 42].map((seq) => outcomeOf(general.markRead(seq)))
  await settle()
  expect(marks.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})

test('a mark survives a reconnect', async () => {
  const made = await following()
  const { general, peer } = made
  peer.answers['read.mark'] = () => undefined
  const marked = outcomeOf(general.markRead(41))
  await settle()
  peer.answers['read.mark'] = ({ seq }) => ({ read: readTo(seq) })
  await reconnect(made)
  expect([marked.status, peer.asked('read.mark')]).toEqual(['fulfilled', [{ channel: 'general', seq: 41 }]])
})

test('[RES-3] another log has another count: the list is read anew', async () => {
  const made = await following()
  const { peer, told } = made
  peer.answers['session.resume'] = () => ({ ...SIGNED_IN, channels: { general: { epoch: 'e2', head: 3 } } })
  peer.answers['channel.list'] = () => ({ channels: [{ ...channelAt(3, 'general', 'e2'), read: readTo(1, 3) }] })
  await reconnect(made)
  expect(told.at(-1)).toEqual({ unread: 2, mentions: 0 })
})
