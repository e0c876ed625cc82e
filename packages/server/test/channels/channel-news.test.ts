import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { entriesOf, say } from '../chat.ts'
import { heldStorage } from '../held-storage.ts'
import { InProcessClient } from '../in-process-client.ts'
import { mediaFrame } from '../media-frame.ts'
import { again, channelEvents, claimed, idOf, ownerInProcess, quiet, signInOwner, startOwned } from '../owned-server.ts'
import { nextTurn } from '../turns.ts'
import { enter, talk } from '../voice.ts'

/** More than a connection's network takes before state waits. */
const FULL = 65_536

/** What a client was written, by the type of each event. */
function eventsOf(client: InProcessClient): unknown[] {
  return client.takeWrites().flatMap((items) => items.flatMap(({ text }) => (text && 'type' in text ? [text] : [])))
}

test('[CHAN-7] everybody signed in hears of a channel that is made, changed or deleted, on all connections', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const everybody = [owner, mei, await again(running, mei)]
  const stranger = await running.connect()
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden' })
  for (const one of everybody) expect(await one.event('channel.changed')).toEqual({ channel })
  await say(owner, ['one'], channel.id)
  const change = { channel: channel.id, name: 'orchard', topic: 'Apples' }
  const changed = (await owner.ask('channel.update', change)).channel
  expect(changed).toEqual({ ...channel, name: 'orchard', topic: 'Apples', head: 1, messages: 1 })
  for (const one of everybody) expect(await one.event('channel.changed')).toEqual({ channel: changed })
  await owner.ask('channel.delete', { channel: channel.id })
  for (const one of everybody) expect(await one.event('channel.removed')).toEqual({ channel: channel.id })
  await quiet(stranger)
  expect(stranger.texts.takeAll()).toEqual([])
})

test('[CHAN-7] who may not read a channel hears nothing of it', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  await owner.ask('channel.update', { channel: channel.id, name: 'orchard' })
  await owner.ask('channel.delete', { channel: channel.id })
  expect(await channelEvents(mei)).toEqual([])
})

test('[CHAN-7] of one channel the newest replaces the older, and says what is so when it leaves', async () => {
  await using server = createServer(claimed())
  await server.open()
  const owner = await ownerInProcess(server)
  const mei = await InProcessClient.signIn(server, 'mei')
  mei.socket.bufferedBytes = FULL
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'a' })
  for (const name of ['b', 'c']) await owner.ask('channel.update', { channel: channel.id, name })
  await owner.ask('channel.update', { channel: 'general', topic: 'All' })
  await owner.ask('message.send', { channel: 'general', clientId: 'x', text: 'later' })
  await nextTurn()
  expect(eventsOf(mei)).toEqual([])
  mei.socket.bufferedBytes = 0
  mei.handler.drained()
  await nextTurn()
  expect(eventsOf(mei)).toEqual([
    { type: 'channel.changed', data: { channel: { ...channel, name: 'c' } } },
    { type: 'channel.changed', data: { channel: expect.objectContaining({ id: 'general', topic: 'All', head: 1 }) } },
  ])
})

test('[CHAN-7] a removal is always told, before the channel that comes back', async () => {
  await using server = createServer(claimed())
  await server.open()
  const owner = await ownerInProcess(server)
  const mei = await InProcessClient.signIn(server, 'mei')
  const { users } = await owner.ask('user.list', { prefix: 'mei' })
  const user = users[0]?.id ?? ''
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  const membership = { channel: channel.id, user }
  await owner.ask('member.add', membership)
  await mei.ask('channel.join', { channel: channel.id })
  await nextTurn()
  mei.takeWrites()
  mei.socket.bufferedBytes = FULL
  await owner.ask('channel.update', { channel: channel.id, topic: 'never seen' })
  for (let round = 0; round < 3; round++) {
    await owner.ask('member.remove', membership)
    await owner.ask('message.send', { channel: channel.id, clientId: `${round}`, text: 'not for mei' })
    await owner.ask('member.add', membership)
  }
  await nextTurn()
  mei.socket.bufferedBytes = 0
  mei.handler.drained()
  await nextTurn()
  expect(eventsOf(mei)).toMatchObject([
    { type: 'channel.removed', data: { channel: channel.id } },
    { type: 'channel.changed', data: { channel: { id: channel.id, head: 3 } } },
    { type: 'channel.ordered' },
  ])
  await owner.ask('message.send', { channel: channel.id, clientId: 'last', text: 'not joined again' })
  await nextTurn()
  expect(eventsOf(mei)).toEqual([])
})

test('[CHAN-7] after channel.removed nothing of the channel comes: no entry, no place in its voice', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'voice', name: 'attic', private: true })
  await owner.ask('member.add', { channel: channel.id, user: idOf(mei) })
  await mei.ask('channel.join', { channel: channel.id })
  const voice = { channel: channel.id, muted: false, deafened: false }
  await owner.ask('voice.join', { ...voice, device: 'd' })
  const { member } = await mei.ask('voice.join', { ...voice, device: 'd' })
  await say(owner, ['before'], channel.id)
  expect((await mei.entry()).seq).toBe(1)
  await owner.ask('member.remove', { channel: channel.id, user: idOf(mei) })
  expect(await owner.event('voice.left')).toEqual({ channel: channel.id, member })
  await quiet(mei)
  mei.texts.takeAll()
  await say(owner, ['after'], channel.id)
  await owner.ask('voice.update', { ...voice, muted: true })
  await owner.ask('channel.update', { channel: channel.id, topic: 'Dust' })
  await owner.ask('channel.delete', { channel: channel.id })
  await quiet(mei)
  expect(mei.texts.takeAll()).toEqual([])
  expect(await mei.refusal('voice.update', voice)).toMatchObject({ code: 'not_found' })
})

test('[CHAN-7] the places in a deleted channel’s voice are gone, and what is sent on is dropped', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await enter(owner)
  const { track } = await talk(mei)
  await owner.ask('channel.join', { channel: 'lounge' })
  await owner.ask('channel.delete', { channel: 'lounge' })
  await mei.event('channel.removed')
  mei.sendBinary(mediaFrame({ track }))
  await mei.settle()
  await quiet(owner)
  expect([running.server.stats.rooms, running.server.stats.foreign, owner.frames.all.length]).toEqual([0, 1, 0])
  expect(entriesOf(owner)).toEqual([])
})

test('[CHAN-7] a page that is read while the right to it is taken away is not given out', async () => {
  const { storage, waiting, release } = heldStorage('page')
  await using running = await startOwned({ storage })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  await owner.ask('member.add', { channel: channel.id, user: idOf(mei) })
  const asked = mei.post('history.page', { channel: channel.id })
  await waiting(1)
  await owner.ask('member.remove', { channel: channel.id, user: idOf(mei) })
  await mei.event('channel.removed')
  release()
  expect(await mei.reply(asked)).toMatchObject({ error: { code: 'not_found' } })
})

test('[CHAN-7] where a place in the order changed, everybody gets the order of what they may read', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  await owner.ask('direct.open', { users: [idOf(mei)] })
  await owner.ask('channel.update', { channel: channel.id, before: 'lounge' })
  expect(await owner.event('channel.ordered')).toEqual({ channels: ['general', channel.id, 'lounge'] })
  await owner.ask('channel.update', { channel: 'general', before: null })
  expect(await owner.event('channel.ordered')).toEqual({ channels: [channel.id, 'lounge', 'general'] })
  expect(await mei.event('channel.ordered')).toEqual({ channels: ['general', 'lounge'] })
  expect(await mei.event('channel.ordered')).toEqual({ channels: ['lounge', 'general'] })
  await owner.ask('member.add', { channel: channel.id, user: idOf(mei) })
  expect(await mei.event('channel.ordered')).toEqual({ channels: [channel.id, 'lounge', 'general'] })
  await quiet(mei)
  mei.texts.takeAll()
  await owner.ask('channel.update', { channel: channel.id, topic: 'Apples' })
  expect((await channelEvents(mei)).length).toBe(1)
})
