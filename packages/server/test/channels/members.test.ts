import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { again, channelEvents, idOf, outcome, signInOwner, startOwned } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD } from '../running-server.ts'
import { storeMembers, storeWithUsers, userId } from '../stored-users.ts'
import { temporaryFolder } from '../temporary-folder.ts'

async function garden(owner: RawClient, kind: 'text' | 'voice' = 'text'): Promise<string> {
  return (await owner.ask('channel.create', { kind, name: 'garden', private: true })).channel.id
}

test('[MEMB-1] for whoever is not in it a private channel does not exist, in any request', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const channel = await garden(owner, 'voice')
  const state = { channel, muted: false, deafened: false }
  const requests: [type: string, data: object][] = [
    ['channel.join', { channel }],
    ['channel.leave', { channel }],
    ['channel.update', { channel, name: 'x' }],
    ['channel.delete', { channel }],
    ['member.list', { channel }],
    ['member.add', { channel, user: idOf(mei) }],
    ['member.remove', { channel, user: idOf(mei) }],
    ['log.read', { channel, after: 0 }],
    ['history.page', { channel }],
    ['message.send', { channel, clientId: 'x', text: 'x' }],
    ['voice.join', { ...state, device: 'd' }],
    ['voice.update', state],
    ['voice.leave', { channel }],
  ]
  for (const [type, data] of requests) expect([type, await outcome(mei, type, data)]).toEqual([type, 'not_found'])
  expect((await mei.ask('channel.list', {})).channels.map(({ id }) => id)).toEqual(['general', 'lounge'])
  expect((await owner.ask('channel.list', {})).channels.map(({ id }) => id)).toEqual(['general', 'lounge', channel])
  const back = await running.connect()
  const cursors = { [channel]: { epoch: 'e', seq: 0 } }
  const voice = { ...state, device: 'd', tracks: [] }
  const reply = await back.authenticate('session.resume', { token: mei.authenticated.token, cursors, voice })
  expect(reply).toMatchObject({ channels: { [channel]: 'gone' }, voice: 'gone' })
})

test('[MEMB-1] its maker is its first member, and members read and write it, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let channel = ''
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }) })
    const owner = await signInOwner(running)
    const mei = await running.signIn('mei')
    channel = await garden(owner)
    expect(await owner.ask('member.list', { channel })).toEqual({
      members: [{ id: idOf(owner), name: 'owner' }],
      hasMore: false,
    })
    expect(await owner.ask('member.add', { channel, user: idOf(mei) })).toEqual({})
    await mei.ask('channel.join', { channel })
    await say(mei, ['hello'], channel)
    expect((await mei.entry()).channel).toBe(channel)
  }
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const mei = await running.connect()
  await mei.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  expect((await mei.ask('history.page', { channel })).messages.map(({ text }) => text)).toEqual(['hello'])
  expect((await mei.ask('member.list', { channel })).members.map(({ name }) => name).sort()).toEqual(['mei', 'owner'])
})

test('[MEMB-2] adding and removing is the owner’s; a member may leave; both succeed where there is nothing to do', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const channel = await garden(owner)
  const change = (client: RawClient, type: 'add' | 'remove', user: string) =>
    outcome(client, `member.${type}`, { channel, user })
  expect(await change(owner, 'remove', idOf(mei))).toBe('ok')
  expect(await change(owner, 'add', idOf(mei))).toBe('ok')
  expect(await change(owner, 'add', idOf(mei))).toBe('ok')
  expect(await change(owner, 'add', 'nobody')).toBe('not_found')
  expect(await change(owner, 'remove', 'nobody')).toBe('ok')
  expect(await change(mei, 'add', idOf(li))).toBe('forbidden')
  expect(await change(mei, 'remove', idOf(owner))).toBe('forbidden')
  expect(await change(mei, 'remove', idOf(mei))).toBe('ok')
  expect(await change(mei, 'remove', idOf(mei))).toBe('not_found')
  expect(await change(owner, 'remove', idOf(mei))).toBe('ok')
  expect((await owner.ask('member.list', { channel })).members.map(({ name }) => name)).toEqual(['owner'])
})

test('[MEMB-2] a channel that is for everybody has no members', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const membership = { channel: 'general', user: idOf(mei) }
  expect(await outcome(owner, 'member.add', membership)).toBe('conflict')
  expect(await outcome(owner, 'member.remove', membership)).toBe('conflict')
  expect(await outcome(mei, 'member.list', { channel: 'general' })).toBe('conflict')
  expect(await outcome(mei, 'member.remove', membership)).toBe('conflict')
  expect(await outcome(mei, 'member.add', membership)).toBe('forbidden')
})

test('[MEMB-2] member.list gives pages in the order of the ids', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWithUsers(file, 150)
  await using running = await startOwned({ storage: sqliteStorage({ file }), rateLimits: 'off' })
  const owner = await signInOwner(running)
  const channel = await garden(owner)
  const users = Array.from({ length: 150 }, (_, at) => userId(at))
  for (const user of [...users].reverse()) await owner.ask('member.add', { channel, user })
  const all = [...users, idOf(owner)].sort()
  const first = await owner.ask('member.list', { channel })
  expect(first).toMatchObject({ hasMore: true, members: all.slice(0, 100).map((id) => ({ id })) })
  const second = await owner.ask('member.list', { channel, after: all[99] ?? '' })
  expect(second).toMatchObject({ hasMore: false, members: all.slice(100).map((id) => ({ id })) })
  const removed = all[20] ?? ''
  await owner.ask('member.remove', { channel, user: removed })
  const behind = await owner.ask('member.list', { channel, after: removed, limit: 2 })
  expect(behind).toMatchObject({ hasMore: true, members: all.slice(21, 23).map((id) => ({ id })) })
  expect(await owner.ask('member.list', { channel, after: '~' })).toEqual({ members: [], hasMore: false })
  expect(await outcome(owner, 'member.list', { channel, limit: 101 })).toBe('bad_request')
})

test('[MEMB-2] a private channel has 10,000 members', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWithUsers(file, 10_001)
  let channel = ''
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }) })
    channel = await garden(await signInOwner(running))
  }
  storeMembers(file, channel, 9_998)
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const owner = await running.connect()
  await owner.authenticate('auth.login', { name: 'owner', password: PASSWORD })
  const add = (at: number) => outcome(owner, 'member.add', { channel, user: userId(at) })
  expect([await add(9_998), await add(9_999), await add(5), await add(10_000)]).toEqual([
    'ok',
    'conflict',
    'ok',
    'conflict',
  ])
  await owner.ask('member.remove', { channel, user: userId(7) })
  expect(await add(9_999)).toBe('ok')
})

test('[MEMB-3] who is added gets the channel, who is removed its removal, on all connections', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const phone = await again(running, mei)
  const li = await running.signIn('li')
  const channel = await garden(owner)
  await owner.event('channel.changed')
  const summary = (await owner.ask('channel.join', { channel })).channel
  const membership = { channel, user: idOf(mei) }
  await owner.ask('member.add', membership)
  for (const one of [mei, phone]) expect(await one.event('channel.changed')).toEqual({ channel: summary })
  await owner.ask('member.remove', membership)
  for (const one of [mei, phone]) expect(await one.event('channel.removed')).toEqual({ channel })
  for (let round = 0; round < 2; round++) await owner.ask('member.remove', membership)
  expect([await channelEvents(mei), await channelEvents(li)]).toEqual([[expect.anything()], []])
  expect(await channelEvents(owner)).toEqual([])
})

test('[MEMB-3] the owner who leaves a private channel may still read it, and goes on hearing of it', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const channel = await garden(owner, 'voice')
  await owner.ask('member.add', { channel, user: idOf(mei) })
  await owner.ask('channel.join', { channel })
  await owner.ask('voice.join', { channel, device: 'd', muted: false, deafened: false })
  await owner.ask('member.remove', { channel, user: idOf(owner) })
  await say(mei, ['hello'], channel)
  expect((await owner.entry()).channel).toBe(channel)
  expect((await channelEvents(owner)).map((event) => (event as { type: string }).type)).not.toContain('channel.removed')
  await owner.ask('voice.update', { channel, muted: true, deafened: false })
})
