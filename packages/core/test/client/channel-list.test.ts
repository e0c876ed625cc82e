import { expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import type { ChannelSummary } from '../../src/protocol/channel.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { channelAt, entryAt, SIGNED_IN } from './wire-data.ts'

/** What the client tells of its channels, in order. */
function follow(client: Client): unknown[] {
  const told: unknown[] = []
  client.channels.on('changed', ({ id, name }) => told.push(`${id} is ${name}`))
  client.channels.on('ordered', ({ channels }) => told.push(channels.join(' ')))
  client.channels.on('removed', ({ channel }) => told.push(`${channel} is gone`))
  client.channels.on('stalled', (error) => told.push(error))
  return told
}

const named = (id: string, name: string, head = 0): ChannelSummary => ({ ...channelAt(head, id), name })

test('[CHAN-7] channels that are made, changed and removed are told, and each handle shows its own', async () => {
  const { client, peer } = await signedInClient()
  const told = follow(client)
  const news = client.channels.get('news')
  expect(news.summary).toBeUndefined()
  peer.connection.send({ type: 'channel.changed', data: { channel: named('news', 'News') } })
  expect(news.summary).toEqual(named('news', 'News'))
  peer.connection.send({ type: 'channel.changed', data: { channel: named('news', 'Today') } })
  peer.connection.send({ type: 'channel.removed', data: { channel: 'news' } })
  expect([told, news.summary]).toEqual([['news is News', 'news is Today', 'news is gone'], undefined])
  await settle()
  expect(peer.types).toEqual(['auth.login'])
})

test('[CHAN-7] what has changed while one was away is told after the reconnect, and how far a channel goes is no news', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  let channels = [named('a', 'A'), named('b', 'B'), named('c', 'C')]
  peer.answers['channel.list'] = () => ({ channels })
  await client.channels.list()
  channels = [named('b', 'Bees', 5), named('c', 'C', 99), named('d', 'D')]
  await reconnect(made)
  expect(told).toEqual(['b is Bees', 'd is D', 'a is gone'])
  expect(peer.types).toEqual(['session.resume', 'channel.list'])
  expect(client.channels.get('d').summary).toEqual(named('d', 'D'))
})

test('[CHAN-7] another order is told, live and after a reconnect, and a channel that is new at its end is not one', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told: string[] = []
  client.channels.on('ordered', ({ channels }) => told.push(channels.join('')))
  const direct: ChannelSummary = { ...channelAt(0, 'x'), kind: 'direct', members: [] }
  let channels = [named('a', 'A'), direct, named('b', 'B'), named('c', 'C')]
  peer.answers['channel.list'] = () => ({ channels })
  await client.channels.list()
  peer.connection.send({ type: 'channel.ordered', data: { channels: ['c', 'a', 'b'] } })
  peer.connection.send({ type: 'channel.changed', data: { channel: named('d', 'D') } })
  channels = [direct, named('c', 'C'), named('a', 'A'), named('b', 'B'), named('d', 'D'), named('e', 'E')]
  await reconnect(made)
  expect(told).toEqual(['cab'])
  peer.connection.send({ type: 'channel.removed', data: { channel: 'a' } })
  channels = [named('e', 'E'), named('c', 'C'), named('b', 'B'), named('d', 'D')]
  await reconnect(made)
  expect(told).toEqual(['cab', 'ecbd'])
})

test('a first list tells nothing, and where nobody listens none is read', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  await client.channels.list()
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume'])
  expect(follow(client)).toEqual([])
  await client.channels.list()
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume', 'channel.list'])
})

test('[CHAN-7] news that comes while a list is on its way is newer than the list', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.list': () => undefined } })
  const listed = outcomeOf(client.channels.list())
  await settle()
  peer.connection.send({ type: 'channel.changed', data: { channel: named('a', 'new') } })
  peer.connection.send({ type: 'channel.removed', data: { channel: 'b' } })
  const told = follow(client)
  peer.reply('channel.list', { channels: [named('a', 'old'), named('b', 'gone'), named('c', 'C')] })
  await settle()
  expect(listed.status).toBe('fulfilled')
  expect(['a', 'b', 'c'].map((id) => client.channels.get(id).summary?.name)).toEqual(['new', undefined, 'C'])
  expect(told).toEqual([])
})

test('[CHAN-7] an order that comes while a list is on its way is newer than the list', async () => {
  const { client, peer } = await signedInClient()
  peer.answers['channel.list'] = () => ({ channels: [named('a', 'A'), named('b', 'B')] })
  await client.channels.list()
  const told = follow(client)
  peer.answers['channel.list'] = () => undefined
  void client.channels.list()
  await settle()
  peer.connection.send({ type: 'channel.ordered', data: { channels: ['b', 'a'] } })
  peer.reply('channel.list', { channels: [named('a', 'A'), named('b', 'B')] })
  await settle()
  expect(told).toEqual(['b a'])
})

test('a list that cannot be read after a reconnect is told', async () => {
  const made = await signedInClient()
  const told = follow(made.client)
  made.peer.answers['channel.list'] = () => new Refusal('internal', { retryable: true })
  await reconnect(made)
  expect(told).toMatchObject([{ code: 'internal' }])
})

test('[CHAN-7] a channel that is removed is gone: nothing more comes of it, and it is not declared again', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const general = client.channels.get('general')
  const told: unknown[] = []
  general.on('message', ({ seq }) => told.push(seq))
  general.on('gone', (what) => told.push(what))
  await settle()
  peer.connection.send(entryAt(42))
  peer.connection.send({ type: 'channel.removed', data: { channel: 'general' } })
  peer.connection.send({ type: 'channel.removed', data: { channel: 'general' } })
  peer.connection.send(entryAt(43))
  expect(told).toEqual([42, { channel: 'general' }])
  await reconnect(made)
  expect(peer.asked('session.resume')[0]?.cursors).toEqual({})
  expect(peer.types).toEqual(['session.resume'])
})

test('[CHAN-7] a channel that comes back is joined by hand, and can go again', async () => {
  const { client, peer } = await signedInClient()
  const general = client.channels.get('general')
  const told: unknown[] = []
  general.on('message', ({ seq }) => told.push(seq))
  general.on('gone', () => told.push('gone'))
  await settle()
  const remove = () => peer.connection.send({ type: 'channel.removed', data: { channel: 'general' } })
  remove()
  peer.connection.send({ type: 'channel.changed', data: { channel: channelAt(50) } })
  peer.answers['channel.join'] = () => ({ channel: channelAt(50) })
  await general.join()
  peer.connection.send(entryAt(51))
  remove()
  peer.connection.send({ type: 'channel.changed', data: { channel: channelAt(51) } })
  remove()
  expect(told).toEqual(['gone', 51, 'gone', 'gone'])
})

test('[CHAN-7] a removal while the join or a read is on its way stalls nothing', async () => {
  const { client, peer } = await signedInClient()
  const stalled: unknown[] = []
  for (const id of ['general', 'lounge']) client.channels.get(id).on('stalled', (error) => stalled.push(error))
  client.channels.get('general').on('message', () => {})
  await settle()
  peer.answers['channel.join'] = () => undefined
  peer.answers['log.read'] = () => undefined
  const joined = outcomeOf(client.channels.get('lounge').join())
  peer.connection.send(entryAt(44))
  await settle()
  for (const channel of ['general', 'lounge']) peer.connection.send({ type: 'channel.removed', data: { channel } })
  const error = new Refusal('not_found').error
  for (const { id, type } of peer.connection.received) {
    if (type === 'log.read' || type === 'channel.join') peer.connection.send({ re: id, error })
  }
  await settle()
  expect([joined.status, stalled]).toEqual(['rejected', []])
})

test('[CHAN-7] a removed voice channel ends the call in it', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  peer.connection.send({ type: 'channel.removed', data: { channel: 'elsewhere' } })
  peer.connection.send({ type: 'channel.removed', data: { channel: 'lounge' } })
  await settle()
  expect([ended, client.voice.call]).toEqual([['gone'], undefined])
})

test('[CHAN-8] a call whose own place the server has taken away is over', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-ben' } })
  expect(client.voice.call).toBe(call)
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-mei' } })
  await settle()
  expect([ended, client.voice.call]).toEqual([['gone'], undefined])
})

test('[CHAN-5] a channel is made, changed and removed as the protocol has it', async () => {
  const { client, peer } = await signedInClient({
    answers: {
      'channel.create': ({ name }) => ({ channel: named('c-1', name) }),
      'channel.update': ({ channel, name = '' }) => ({ channel: named(channel, name) }),
      'channel.delete': () => ({}),
    },
  })
  const made = await client.channels.create({ kind: 'text', name: 'news', topic: 'What happens', private: true })
  expect([made, made.summary]).toEqual([client.channels.get('c-1'), named('c-1', 'news')])
  expect(await made.update({ name: 'today', archived: true, slowModeMs: 5_000, before: null })).toEqual(
    named('c-1', 'today'),
  )
  await made.delete()
  expect(peer.connection.received.slice(1).map(({ type, data }) => [type, data])).toEqual([
    ['channel.create', { kind: 'text', name: 'news', topic: 'What happens', private: true }],
    ['channel.update', { channel: 'c-1', name: 'today', archived: true, slowModeMs: 5_000, before: null }],
    ['channel.delete', { channel: 'c-1' }],
  ])
})

test('[DIRECT-1] a direct channel with one user needs no id, a group has one, the same when it is asked for again', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  peer.answers['direct.open'] = () => ({ channel: { ...channelAt(0, 'd-1'), kind: 'direct', members: [] } })
  expect((await client.channels.direct(['u2'])).id).toBe('d-1')
  expect(peer.asked('direct.open')).toEqual([{ users: ['u2'] }])
  peer.answers['direct.open'] = () => undefined
  const group = outcomeOf(client.channels.direct(['u2', 'u3']))
  await settle()
  const [, asked] = peer.asked('direct.open')
  expect(asked).toEqual({ users: ['u2', 'u3'], clientId: expect.any(String) })
  peer.answers['direct.open'] = () => ({ channel: { ...channelAt(0, 'd-2'), kind: 'direct', members: [] } })
  await reconnect(made)
  expect([peer.asked('direct.open'), group.value?.id]).toEqual([[asked], 'd-2'])
  await client.channels.direct(['u2', 'u3'], { clientId: 'mine' })
  expect(peer.asked('direct.open').at(-1)).toEqual({ users: ['u2', 'u3'], clientId: 'mine' })
  await client.channels.direct(['u2', 'u3'])
  expect(peer.asked('direct.open').at(-1)?.clientId).not.toBe(asked?.clientId)
})

test('[MEMB-2] members are let in and taken out', async () => {
  const { client, peer } = await signedInClient({ answers: { 'member.add': () => ({}), 'member.remove': () => ({}) } })
  const general = client.channels.get('general')
  await general.addMember('u2')
  await general.removeMember('u2')
  expect(peer.connection.received.slice(1).map(({ type, data }) => [type, data])).toEqual([
    ['member.add', { channel: 'general', user: 'u2' }],
    ['member.remove', { channel: 'general', user: 'u2' }],
  ])
})

test('what is known of the channels is another user’s after another has signed in', async () => {
  const { client, peer } = await signedInClient()
  await client.channels.list()
  expect(client.channels.get('general').summary).toBeDefined()
  await client.logout()
  peer.answers['auth.login'] = () => ({ ...SIGNED_IN, user: { id: 'u2', name: 'ben', role: 'member' } })
  await client.login({ name: 'ben', password: 'long enough' })
  expect(client.channels.get('general').summary).toBeUndefined()
})
