import type { ReadMarker } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { numbered, say } from '../chat.ts'
import { again, idOf, outcome, ownedServer, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const CHANNEL = 'general'

async function mark(client: RawClient, seq: number, channel = CHANNEL): Promise<ReadMarker> {
  return (await client.ask('read.mark', { channel, seq })).read
}

/** What the list of channels says of one. */
async function listed(client: RawClient, channel = CHANNEL): Promise<ReadMarker | undefined> {
  return (await client.ask('channel.list', {})).channels.find(({ id }) => id === channel)?.read
}

test('[READ-1] a marker goes forward, at most to the head, and never back', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await say(li, numbered(5))
  expect(await mark(mei, 3)).toEqual({ seq: 3, ordinal: 3, unread: 2, mentions: 0 })
  expect(await mark(mei, 1)).toEqual({ seq: 3, ordinal: 3, unread: 2, mentions: 0 })
  expect(await mark(mei, 0)).toEqual({ seq: 3, ordinal: 3, unread: 2, mentions: 0 })
  expect(await mark(mei, Number.MAX_SAFE_INTEGER)).toEqual({ seq: 5, ordinal: 5, unread: 0, mentions: 0 })
  // At the head and not past it: what comes next is unread.
  await say(li, ['six'])
  expect(await listed(mei)).toEqual({ seq: 5, ordinal: 5, unread: 1, mentions: 0 })
  expect(await listed(li)).toEqual({ seq: 0, ordinal: 0, unread: 6, mentions: 0 })
})

test('[READ-1] of an empty channel the marker is 0; of one that there is not it gets not_found', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  expect(await mark(mei, 7)).toEqual({ seq: 0, ordinal: 0, unread: 0, mentions: 0 })
  await say(mei, ['one'])
  expect(await listed(mei)).toEqual({ seq: 0, ordinal: 0, unread: 1, mentions: 0 })
  expect(await outcome(mei, 'read.mark', { channel: 'nowhere', seq: 1 })).toBe('not_found')
})

test('[READ-1] the ordinal is that of the newest message at or below, whatever other entries lie there', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await say(li, ['one', 'two'])
  await li.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'one, edited' })
  await li.ask('message.delete', { channel: CHANNEL, seq: 2 })
  await say(li, ['three'])
  expect(await mark(mei, 1)).toEqual({ seq: 1, ordinal: 1, unread: 2, mentions: 0 })
  expect(await mark(mei, 3)).toEqual({ seq: 3, ordinal: 2, unread: 1, mentions: 0 })
  expect(await mark(mei, 4)).toEqual({ seq: 4, ordinal: 2, unread: 1, mentions: 0 })
  expect(await mark(mei, 5)).toEqual({ seq: 5, ordinal: 3, unread: 0, mentions: 0 })
})

test('[READ-1] a marker that was answered is there after a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  for (const way of ['auth.register', 'auth.login'] as const) {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
    const mei = await running.connect()
    await mei.authenticate(way, { name: 'mei', password: PASSWORD })
    if (way === 'auth.register') {
      await say(mei, ['one', 'two', 'three'])
      await mark(mei, 2)
    }
    expect(await listed(mei)).toEqual({ seq: 2, ordinal: 2, unread: 1, mentions: 0 })
  }
})

test('[READ-2] messages above the marker that mention the user are counted as they are now', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const send = (clientId: string, mentions: string[]): Promise<unknown> =>
    li.ask('message.send', { channel: CHANNEL, clientId, text: clientId, mentions })
  await send('a', [idOf(mei)])
  await send('b', [idOf(mei), idOf(mei)])
  await send('c', [idOf(li)])
  await send('d', [idOf(mei), idOf(li)])
  expect(await listed(mei)).toEqual({ seq: 0, ordinal: 0, unread: 4, mentions: 3 })
  expect(await listed(li)).toMatchObject({ mentions: 2 })
  expect(await mark(mei, 1)).toMatchObject({ unread: 3, mentions: 2 })
  await li.ask('message.edit', { channel: CHANNEL, seq: 2, text: 'nobody any more' })
  expect(await listed(mei)).toMatchObject({ unread: 3, mentions: 1 })
  await li.ask('message.edit', { channel: CHANNEL, seq: 3, text: 'mei', mentions: [idOf(mei)] })
  expect(await listed(mei)).toMatchObject({ unread: 3, mentions: 2 })
  // A deleted message still has its place, and calls nobody.
  await li.ask('message.delete', { channel: CHANNEL, seq: 4 })
  expect(await listed(mei)).toMatchObject({ unread: 3, mentions: 1 })
  expect(await mark(mei, 99)).toMatchObject({ unread: 0, mentions: 0 })
})

test('[READ-2] the list has a marker for every channel that the caller may read, each user’s own', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const mei = await running.signIn('mei')
  await say(owner, ['one', 'two'])
  await say(owner, ['three'], 'lounge')
  await mark(mei, 1)
  await mark(owner, 1, 'lounge')
  const { channel } = await mei.ask('direct.open', { users: [idOf(owner)] })
  const reads = async (client: RawClient): Promise<unknown[]> => {
    const { channels } = await client.ask('channel.list', {})
    return channels.map(({ id, read }) => [id, read?.seq, read?.unread])
  }
  expect(await reads(mei)).toEqual([
    ['general', 1, 1],
    ['lounge', 0, 1],
    [channel.id, 0, 0],
  ])
  expect(await reads(owner)).toEqual([
    ['general', 0, 2],
    ['lounge', 1, 0],
    [channel.id, 0, 0],
  ])
})

test('[READ-3] the user’s other connections hear of a marker that moved, the asking one and other users do not', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const [tab, phone] = [await again(running, mei), await running.connect()]
  await phone.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  await say(li, ['one', 'two'])
  const read = await mark(mei, 1)
  for (const other of [tab, phone]) expect(await other.event('read.changed')).toEqual({ channel: CHANNEL, read })
  await mark(mei, 1)
  await mark(mei, 0)
  await mark(tab, 1)
  await mark(phone, 2)
  for (const other of [mei, tab]) expect(await other.event('read.changed')).toMatchObject({ read: { seq: 2 } })
  for (const client of [mei, li, tab, phone]) {
    await quiet(client)
    expect(client.texts.takeAll().filter(({ type }) => type === 'read.changed')).toEqual([])
  }
})
