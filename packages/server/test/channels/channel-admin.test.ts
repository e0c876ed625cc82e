import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { entriesOf, say } from '../chat.ts'
import { again, idOf, outcome, signInOwner, startOwned } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD } from '../running-server.ts'
import { storeWithChannels } from '../stored-channels.ts'
import { temporaryFolder } from '../temporary-folder.ts'

async function namesIn(client: RawClient): Promise<string[]> {
  return (await client.ask('channel.list', {})).channels.map(({ name }) => name)
}

async function make(owner: RawClient, ...names: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) ids.push((await owner.ask('channel.create', { kind: 'text', name })).channel.id)
  return ids
}

test('[CHAN-5] a channel is made last in the order, with everything that was given, and is there for everybody', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const data = { kind: 'text', name: 'Garden · 花园', topic: 'What grows', slowModeMs: 1_000 } as const
  const { channel } = await owner.ask('channel.create', data)
  expect(channel).toEqual({
    ...data,
    id: expect.stringMatching(/^[\w-]{16}$/),
    epoch: expect.any(String),
    head: 0,
    messages: 0,
  })
  const voice = (await owner.ask('channel.create', { kind: 'voice', name: 'kitchen', topic: '', slowModeMs: 0 }))
    .channel
  expect(voice).toEqual({
    id: expect.any(String),
    kind: 'voice',
    name: 'kitchen',
    epoch: expect.any(String),
    head: 0,
    messages: 0,
  })
  expect((await mei.ask('channel.list', {})).channels.slice(2)).toMatchObject([channel, voice])
  await mei.ask('channel.join', { channel: channel.id })
  await say(mei, ['hello'], channel.id)
  expect((await mei.entry()).channel).toBe(channel.id)
  await mei.ask('voice.join', { channel: voice.id, device: 'd', muted: false, deafened: false })
})

test('[CHAN-5] channel.update changes what is given and leaves the rest; an empty topic and 0 take away', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const made = { kind: 'text', name: 'garden', topic: 'What grows', slowModeMs: 1_000 } as const
  const { channel } = await owner.ask('channel.create', made)
  await say(owner, ['one'], channel.id)
  const update = async (change: object) =>
    (await owner.ask('channel.update', { channel: channel.id, ...change })).channel
  const now = { ...channel, head: 1, messages: 1 }
  expect(await update({})).toEqual(now)
  expect(await update({ name: 'orchard' })).toEqual({ ...now, name: 'orchard' })
  expect(await update({ topic: 'Apples', slowModeMs: 2_000 })).toEqual({
    ...now,
    name: 'orchard',
    topic: 'Apples',
    slowModeMs: 2_000,
  })
  const { topic, slowModeMs, ...plain } = now
  expect(await update({ topic: '', slowModeMs: 0, archived: true })).toEqual({
    ...plain,
    name: 'orchard',
    archived: true,
  })
  expect(await update({ archived: false })).toEqual({ ...plain, name: 'orchard' })
  expect((await owner.ask('channel.list', {})).channels.at(-1)).toMatchObject({ ...plain, name: 'orchard' })
})

test('[CHAN-5] before puts a channel before another, null puts it last, and the order outlives the server', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }) })
    const owner = await signInOwner(running)
    const mei = await running.signIn('mei')
    const [a = '', b = '', c = ''] = await make(owner, 'a', 'b', 'c')
    await owner.ask('direct.open', { users: [idOf(mei)] })
    const moves: [channel: string, before: string | null, order: string][] = [
      [c, 'general', 'c general lounge a b'],
      [a, 'lounge', 'c general a lounge b'],
      ['general', null, 'c a lounge b general'],
      [a, a, 'c a lounge b general'],
      [b, c, 'b c a lounge general'],
    ]
    for (const [channel, before, order] of moves) {
      await owner.ask('channel.update', { channel, before })
      expect((await namesIn(mei)).filter(Boolean).join(' ')).toBe(order)
    }
    for (const before of ['nowhere', 'constructor', (await namesIn(owner)).at(-1) ?? '']) {
      expect(await outcome(owner, 'channel.update', { channel: a, before, name: 'not taken' }), before).toBe(
        before === '' ? 'bad_request' : 'not_found',
      )
    }
    const direct = (await owner.ask('channel.list', {})).channels.at(-1)
    expect(direct?.kind).toBe('direct')
    expect(await outcome(owner, 'channel.update', { channel: a, before: direct?.id ?? '' })).toBe('not_found')
    await make(owner, 'last')
  }
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const mei = await running.connect()
  await mei.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  expect(await namesIn(mei)).toEqual(['b', 'c', 'a', 'lounge', 'general', 'last', ''])
})

test('[CHAN-5] channel.delete removes a channel for ever, and nothing else', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }) })
    const owner = await signInOwner(running)
    const [id = ''] = await make(owner, 'garden')
    await say(owner, ['one', 'two'], id)
    await owner.ask('channel.delete', { channel: id })
    const requests: [type: string, data: object][] = [
      ['channel.join', {}],
      ['channel.leave', {}],
      ['channel.update', { name: 'x' }],
      ['channel.delete', {}],
      ['log.read', { after: 0 }],
      ['history.page', {}],
      ['message.send', { clientId: 'x', text: 'x' }],
      ['member.list', {}],
    ]
    for (const [type, data] of requests)
      expect([type, await outcome(owner, type, { ...data, channel: id })]).toEqual([type, 'not_found'])
    expect(await namesIn(owner)).toEqual(['general', 'lounge'])
    const [same = ''] = await make(owner, 'garden')
    expect(same).not.toBe(id)
    await say(owner, ['general'])
  }
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const owner = await running.connect()
  await owner.authenticate('auth.login', { name: 'owner', password: PASSWORD })
  expect(await namesIn(owner)).toEqual(['general', 'lounge', 'garden'])
})

test('[CHAN-5] anybody but the owner gets forbidden, and not_found where they may not read it', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  const requests: [type: string, data: object, code: string][] = [
    ['channel.create', { kind: 'text', name: 'mine' }, 'forbidden'],
    ['channel.update', { channel: 'general', name: 'mine' }, 'forbidden'],
    ['channel.update', { channel: 'general' }, 'forbidden'],
    ['channel.delete', { channel: 'general' }, 'forbidden'],
    ['channel.update', { channel: channel.id, name: 'mine' }, 'not_found'],
    ['channel.delete', { channel: channel.id }, 'not_found'],
  ]
  for (const [type, data, code] of requests) expect(await outcome(mei, type, data), type).toBe(code)
  await owner.ask('member.add', { channel: channel.id, user: idOf(mei) })
  expect(await outcome(mei, 'channel.update', { channel: channel.id, name: 'mine' })).toBe('forbidden')
  expect(await outcome(mei, 'channel.delete', { channel: channel.id })).toBe('forbidden')
  expect(await namesIn(owner)).toEqual(['general', 'lounge', 'garden'])
})

test('[CHAN-6] two names that are alike as names of users are one: the second gets conflict', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const [id = ''] = await make(owner, 'Straße 弧光')
  for (const name of ['Straße 弧光', 'STRASSE  弧光', 'ｓｔｒａsse 弧光', 'GENERAL']) {
    expect(await outcome(owner, 'channel.create', { kind: 'voice', name }), name).toBe('conflict')
    expect(await outcome(owner, 'channel.update', { channel: 'lounge', name }), name).toBe('conflict')
  }
  expect(await outcome(owner, 'channel.update', { channel: id, name: 'STRASSE 弧光' })).toBe('ok')
  expect(await namesIn(owner)).toEqual(['general', 'lounge', 'STRASSE 弧光'])
  expect(await outcome(owner, 'channel.create', { kind: 'text', name: 'straße' })).toBe('ok')
})

test('[CHAN-6] a name has 1 to 64 characters', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  for (const name of ['', ' ', ' a', 'a ', 'a\u0007b', 'x'.repeat(65)]) {
    expect(await outcome(owner, 'channel.create', { kind: 'text', name }), JSON.stringify(name)).toBe('bad_request')
  }
  await make(owner, 'x', 'y'.repeat(64))
})

test('[CHAN-6] a server has 1,000 channels that are not direct', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const ids = Array.from({ length: 997 }, (_, at) => `channel-${at}`)
  await storeWithChannels(
    file,
    ids.map((id) => ({ id, kind: 'text' })),
  )
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await owner.ask('direct.open', { users: [idOf(mei)] })
  const replies = await Promise.all(
    ['a', 'b', 'c'].map((name) => outcome(owner, 'channel.create', { kind: 'text', name })),
  )
  expect(replies).toEqual(['ok', 'conflict', 'conflict'])
  await owner.ask('channel.delete', { channel: 'channel-5' })
  expect(await outcome(owner, 'channel.create', { kind: 'text', name: 'b' })).toBe('ok')
  expect(await outcome(mei, 'direct.open', { users: [idOf(owner)] })).toBe('ok')
})

test('[CHAN-5] requests that come at once are carried out one by one, and what is listed is what is stored', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let listed: string[] = []
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }) })
    const owner = await signInOwner(running)
    const other = await again(running, owner)
    const [id = ''] = await make(owner, 'a')
    const changes = Array.from({ length: 12 }, (_, at) => {
      const client = at % 2 === 0 ? owner : other
      return [
        outcome(client, 'channel.update', {
          channel: id,
          topic: `topic ${at}`,
          before: at % 3 === 0 ? 'general' : null,
        }),
        outcome(client, 'channel.create', { kind: 'text', name: `b${at}` }),
      ]
    })
    expect(new Set(await Promise.all(changes.flat()))).toEqual(new Set(['ok']))
    listed = (await owner.ask('channel.list', {})).channels.map((one) => JSON.stringify(one))
  }
  await using running = await startOwned({ storage: sqliteStorage({ file }) })
  const owner = await running.connect()
  await owner.authenticate('auth.login', { name: 'owner', password: PASSWORD })
  expect((await owner.ask('channel.list', {})).channels.map((one) => JSON.stringify(one))).toEqual(listed)
  expect(entriesOf(owner)).toEqual([])
})
