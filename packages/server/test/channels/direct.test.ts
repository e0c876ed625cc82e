import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { channelEvents, idOf, outcome, signInOwner, startOwned } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

async function open(client: RawClient, ...others: RawClient[]) {
  const users = others.map(idOf)
  return (await client.ask('direct.open', { users, clientId: 'g-1' })).channel
}

function summaries(...clients: RawClient[]) {
  const users = clients.map((client) => ({ id: idOf(client), name: client.authenticated.user.name }))
  return users.sort((one, other) => (one.id < other.id ? -1 : 1))
}

async function listed(client: RawClient): Promise<string[]> {
  return (await client.ask('channel.list', {})).channels.map(({ id }) => id)
}

test('[DIRECT-1] two users have one direct channel, whoever asks and how many at once, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let id = ''
  {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
    const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
    const asked = await Promise.all([open(mei, li), open(li, mei), open(mei, li), open(li, mei)])
    id = asked[0]?.id ?? ''
    expect(new Set(asked.map((channel) => channel.id)).size).toBe(1)
    await say(mei, ['hello'], id)
    expect((await open(li, mei)).head).toBe(1)
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.connect()
  await mei.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  const [other] = (await mei.ask('user.list', { prefix: 'li' })).users
  const { channel } = await mei.ask('direct.open', { users: [other?.id ?? ''], clientId: 'another' })
  expect(channel).toMatchObject({ id, head: 1 })
  expect(await mei.ask('direct.open', { users: [other?.id ?? '', other?.id ?? ''] })).toEqual({ channel })
})

test('[DIRECT-1] a group is one for each clientId of its maker’s', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const group = async (client: RawClient, others: RawClient[], clientId: string) => {
    const users = others.map(idOf)
    return (await client.ask('direct.open', { users, clientId })).channel.id
  }
  const first = await group(mei, [li, zoe], 'a')
  expect(await group(mei, [zoe, li], 'a')).toBe(first)
  expect(await group(mei, [zoe, li, zoe], 'a')).toBe(first)
  const ids = [first, await group(mei, [li, zoe], 'b'), await group(li, [mei, zoe], 'a'), (await open(mei, li)).id]
  expect(new Set(ids).size).toBe(4)
  expect((await listed(mei)).slice(2).sort()).toEqual(ids.sort())
})

test('[DIRECT-1] who cannot be meant is refused, and nothing is made', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const [me, other, third] = [idOf(mei), idOf(li), idOf(zoe)]
  const clientId = 'g'
  const asked: [data: object, code: string, path: string | undefined][] = [
    [{ users: ['nobody'] }, 'not_found', undefined],
    [{ users: [other, 'nobody'], clientId }, 'not_found', undefined],
    [{ users: [me] }, 'bad_request', 'users'],
    [{ users: [other, me], clientId }, 'bad_request', 'users'],
    [{ users: [other, third] }, 'bad_request', 'clientId'],
    [{ users: [] }, 'bad_request', 'users'],
    [{ users: Array.from({ length: 10 }, (_, at) => `u${at}`), clientId }, 'bad_request', 'users'],
  ]
  for (const [data, code, path] of asked) {
    const refusal = await mei.refusal('direct.open', data)
    expect([refusal.code, refusal.issues?.[0]?.path], JSON.stringify(data)).toEqual([code, path])
  }
  expect([await listed(mei), await listed(li)]).toEqual([
    ['general', 'lounge'],
    ['general', 'lounge'],
  ])
})

test('[DIRECT-1][DIRECT-3] everybody in it hears of it at once, with all of its members', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const channel = await open(mei, li)
  expect(channel).toEqual({
    id: expect.stringMatching(/^[\w-]{16}$/),
    kind: 'direct',
    name: '',
    members: summaries(mei, li),
    epoch: expect.any(String),
    head: 0,
    messages: 0,
  })
  for (const one of [mei, li]) expect(await one.event('channel.changed')).toEqual({ channel })
  await open(li, mei)
  for (const one of [mei, li, zoe]) expect(await channelEvents(one)).toEqual([])
  await li.ask('channel.join', { channel: channel.id })
  await say(mei, ['hello'], channel.id)
  expect((await li.entry()).channel).toBe(channel.id)
})

test('[DIRECT-2] no role reads, lists, manages or moderates somebody’s direct channel', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const pair = (await open(mei, li)).id
  const group = (await open(mei, li, zoe)).id
  await say(mei, ['secret'], pair)
  const requests: [type: string, data: object][] = [
    ['channel.join', {}],
    ['channel.leave', {}],
    ['channel.update', { name: 'x' }],
    ['channel.delete', {}],
    ['member.list', {}],
    ['member.add', { user: idOf(owner) }],
    ['member.remove', { user: idOf(mei) }],
    ['log.read', { after: 0 }],
    ['history.page', {}],
    ['message.send', { clientId: 'x', text: 'x' }],
    ['voice.join', { device: 'd', muted: false, deafened: false }],
  ]
  for (const channel of [pair, group]) {
    for (const [type, data] of requests) {
      expect([type, await outcome(owner, type, { ...data, channel })]).toEqual([type, 'not_found'])
    }
  }
  expect(await listed(owner)).toEqual(['general', 'lounge'])
  expect(await listed(zoe)).toEqual(['general', 'lounge', group])
  expect(await channelEvents(owner)).toEqual([])
})

test('[DIRECT-3] a direct channel is not archived or deleted by anybody in it, the server’s owner neither', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const pair = (await open(owner, mei)).id
  const group = (await open(owner, mei, li)).id
  for (const channel of [pair, group]) {
    for (const client of [owner, mei]) {
      expect(await outcome(client, 'channel.delete', { channel })).toBe('forbidden')
      for (const change of [{ archived: true }, { archived: false }, { slowModeMs: 5 }, { before: null }]) {
        expect(await outcome(client, 'channel.update', { channel, name: 'x', ...change })).toBe('forbidden')
      }
      expect(await outcome(client, 'voice.join', { channel, device: 'd', muted: true, deafened: true })).toBe(
        'forbidden',
      )
    }
  }
  const channels = (await owner.ask('channel.list', {})).channels.slice(2)
  expect(channels.map(({ id, name }) => [id, name])).toEqual([
    [pair, ''],
    [group, ''],
  ])
})

test('[DIRECT-4] of a pair nothing can be changed', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const channel = (await open(mei, li)).id
  const requests: [type: string, data: object][] = [
    ['channel.update', { name: 'us' }],
    ['channel.update', { topic: 'ours' }],
    ['channel.update', {}],
    ['member.add', { user: idOf(zoe) }],
    ['member.remove', { user: idOf(li) }],
    ['member.remove', { user: idOf(mei) }],
  ]
  for (const [type, data] of requests) expect(await outcome(mei, type, { ...data, channel }), type).toBe('forbidden')
  expect((await mei.ask('member.list', { channel })).members).toEqual(summaries(mei, li))
})

test('[DIRECT-4] a group’s members rename it, let others in, take them out and leave; the last one ends it', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const wang = await running.signIn('wang')
  const made = await open(mei, li, zoe)
  const channel = made.id
  for (const one of [mei, li, zoe]) await one.event('channel.changed')
  const named = (await li.ask('channel.update', { channel, name: 'general', topic: 'Saturday' })).channel
  expect(named).toEqual({ ...made, name: 'general', topic: 'Saturday' })
  for (const one of [mei, li, zoe]) expect(await one.event('channel.changed')).toEqual({ channel: named })
  await zoe.ask('member.add', { channel, user: idOf(wang) })
  const four = { ...named, members: summaries(mei, li, zoe, wang) }
  for (const one of [mei, li, zoe, wang]) expect(await one.event('channel.changed')).toEqual({ channel: four })
  await wang.ask('member.remove', { channel, user: idOf(mei) })
  expect(await mei.event('channel.removed')).toEqual({ channel })
  const three = { ...named, members: summaries(li, zoe, wang) }
  for (const one of [li, zoe, wang]) expect(await one.event('channel.changed')).toEqual({ channel: three })
  expect(await outcome(mei, 'history.page', { channel })).toBe('not_found')
  expect(await outcome(mei, 'direct.open', { users: [idOf(li), idOf(zoe)], clientId: 'g-1' })).toBe('conflict')
  for (const one of [li, zoe]) await one.ask('member.remove', { channel, user: idOf(one) })
  await say(wang, ['alone'], channel)
  expect((await wang.ask('channel.update', { channel, name: 'mine' })).channel.members).toEqual(summaries(wang))
  await wang.ask('member.remove', { channel, user: idOf(wang) })
  expect(await wang.event('channel.removed')).toEqual({ channel })
  expect(await outcome(wang, 'history.page', { channel })).toBe('not_found')
  expect((await open(mei, li, zoe)).id).not.toBe(channel)
})

test('[DIRECT-4] a group has 10 members', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const storage = sqliteStorage({ file })
  await storage.open()
  const ids = Array.from({ length: 10 }, (_, at) => `user-${at}`)
  for (const id of ids) {
    await storage.accounts.create({ id, name: id, nameKey: id, role: 'member', passwordHash: '', createdAt: 0 })
  }
  await storage.close()
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  const { channel } = await mei.ask('direct.open', { users: ids.slice(0, 8), clientId: 'g' })
  const add = (user: string) => outcome(mei, 'member.add', { channel: channel.id, user })
  expect([await add('user-8'), await add('user-8'), await add('user-9')]).toEqual(['ok', 'ok', 'conflict'])
  await mei.ask('member.remove', { channel: channel.id, user: 'user-0' })
  expect(await add('user-9')).toBe('ok')
})
