import { LIMITS } from '@arclight/core/protocol'
import { memoryStorage, sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { again, idOf, outcome, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const block = (client: RawClient, user: string, on = true) => outcome(client, 'user.block', { user, on })
const blocksOf = async (client: RawClient) => (await client.ask('user.blocks', {})).users.map(({ name }) => name)

test('[BLOCK-1] whom a user has blocked is theirs to see, on every device, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let token = ''
  {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
    const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
    token = mei.authenticated.token
    const second = await again(running, mei)
    expect(second.authenticated).not.toHaveProperty('blocked')
    for (const one of [li, li, zoe]) expect(await block(mei, idOf(one))).toBe('ok')
    expect(await second.event('user.blocked')).toEqual({ user: idOf(li), on: true })
    expect(await second.event('user.blocked')).toEqual({ user: idOf(zoe), on: true })
    const ids = [idOf(li), idOf(zoe)].sort()
    expect((await mei.ask('user.blocks', {})).users.map(({ id }) => id)).toEqual(ids)
    expect((await again(running, mei)).authenticated).toMatchObject({ blocked: ids })
    expect(await block(mei, idOf(zoe), false)).toBe('ok')
    expect(await block(mei, idOf(zoe), false)).toBe('ok')
    expect(await second.event('user.blocked')).toEqual({ user: idOf(zoe), on: false })
    for (const one of [mei, second, li]) await quiet(one)
    for (const one of [mei, second, li]) {
      expect(one.texts.takeAll().filter(({ type }) => type === 'user.blocked')).toEqual([])
    }
    expect(await blocksOf(li)).toEqual([])
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.withToken(token)
  expect(await blocksOf(mei)).toEqual(['li'])
  const login = await (await running.connect()).ask('auth.login', { name: 'mei', password: PASSWORD })
  expect(login.blocked).toHaveLength(1)
})

test('[BLOCK-1] nobody blocks themselves, or nobody, or more than a thousand', async () => {
  const storage = memoryStorage()
  await using running = await RunningServer.start({ storage, rateLimits: 'off' })
  const mei = await running.signIn('mei')
  expect(await block(mei, idOf(mei))).toBe('bad_request')
  expect(await block(mei, 'nobody')).toBe('not_found')
  const ids = Array.from({ length: LIMITS.blocks + 1 }, (_, at) => `u${at}`)
  for (const id of ids) {
    await storage.accounts.create({ id, name: id, nameKey: id, role: 'member', passwordHash: '', createdAt: 1 })
  }
  for (const id of ids.slice(0, -1)) expect(await block(mei, id)).toBe('ok')
  expect(await block(mei, ids.at(-1) ?? '')).toBe('conflict')
  expect(await block(mei, ids[0] ?? '')).toBe('ok')
})

test('[BLOCK-2] who is blocked writes nothing to the other one, who may write', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const { channel } = await li.ask('direct.open', { users: [idOf(mei)] })
  const [first] = await say(li, ['one', 'two'], channel.id)
  const seq = first?.seq
  await block(mei, idOf(li))
  const place = { channel: channel.id, seq }
  for (const [type, data] of [
    ['direct.open', { users: [idOf(mei)] }],
    ['message.send', { channel: channel.id, clientId: 'c', text: 'listen' }],
    ['message.edit', { ...place, text: 'listen' }],
    ['message.react', { ...place, emoji: '👍', on: true }],
    ['message.pin', { ...place, on: true }],
    ['typing.set', { channel: channel.id, typing: true }],
  ] as const) {
    expect([type, await li.refusal(type, data)]).toEqual([
      type,
      { code: 'forbidden', message: 'messages to this user are not taken', retryable: false },
    ])
  }
  await say(mei, ['I can still write'], channel.id)
  expect((await li.ask('history.page', { channel: channel.id })).messages).toHaveLength(3)
  expect(await outcome(li, 'message.delete', place)).toBe('ok')
  await block(mei, idOf(li), false)
  await say(li, ['again'], channel.id)
})

test('[BLOCK-2] a pair that is not there is not opened; groups and channels go on', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  await block(mei, idOf(li))
  expect(await outcome(li, 'direct.open', { users: [idOf(mei)] })).toBe('forbidden')
  const { channel } = await li.ask('direct.open', { users: [idOf(mei), idOf(zoe)], clientId: 'g' })
  await say(li, ['hello you two'], channel.id)
  await say(li, ['hello all'])
  const pair = await mei.ask('direct.open', { users: [idOf(li)] })
  await say(mei, ['from me'], pair.channel.id)
  expect(await outcome(li, 'message.send', { channel: pair.channel.id, clientId: 'c', text: 'x' })).toBe('forbidden')
})

test('[BLOCK-3] who has blocked the author is not mentioned, in a message and in an edit', async () => {
  await using running = await RunningServer.start()
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  await block(mei, idOf(li))
  const mentions = [idOf(mei), idOf(zoe)]
  const { message } = await li.ask('message.send', { channel: 'general', clientId: 'c', text: 'both', mentions })
  expect(message.mentions).toEqual([idOf(zoe)])
  const edited = await li.ask('message.edit', { channel: 'general', seq: message.seq, text: 'all', mentions })
  expect(edited.message.mentions).toEqual([idOf(zoe)])
  const back = { channel: 'general', clientId: 'd', text: 'you', mentions: [idOf(li)] }
  expect((await mei.ask('message.send', back)).message.mentions).toEqual([idOf(li)])
  const { channels } = await mei.ask('channel.list', {})
  expect(channels.find(({ id }) => id === 'general')?.read?.mentions).toBe(0)
})
