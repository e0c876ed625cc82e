import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { OPUS } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { removeChannel, storeWithChannels } from '../stored-channels.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('[CHAN-1] channel.list gives the channels in their order, with their heads', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWithChannels(file, [
    { id: 'zebra', kind: 'text' },
    { id: 'aviary', kind: 'voice' },
  ])
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  await say(mei, numbered(2), 'zebra')
  const { channels } = await mei.ask('channel.list', {})
  expect(channels).toMatchObject([
    { id: 'general', kind: 'text', name: 'general', epoch: expect.any(String), head: 0 },
    { id: 'lounge', kind: 'voice', name: 'lounge', epoch: expect.any(String), head: 0 },
    { id: 'zebra', kind: 'text', name: 'zebra', epoch: 'epoch of zebra', head: 2 },
    { id: 'aviary', kind: 'voice', name: 'aviary', epoch: 'epoch of aviary', head: 0 },
  ])
})

test('[CHAN-2] live traffic starts after the head in the reply of channel.join, without a gap', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await say(mei, numbered(5))
  const sends = say(
    mei,
    numbered(40).map((text) => `later ${text}`),
  )
  const { head } = (await li.ask('channel.join', { channel: 'general' })).channel
  await sends
  await li.settle()
  expect(head).toBeGreaterThanOrEqual(5)
  expect(entriesOf(li).map(({ seq }) => seq)).toEqual(Array.from({ length: 45 - head }, (_, at) => head + 1 + at))
})

test('[CHAN-2] channel.leave ends live traffic, and joining again starts it again', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  await say(mei, ['one'])
  expect(await li.ask('channel.leave', { channel: 'general' })).toEqual({})
  await say(mei, ['two'])
  expect((await li.ask('channel.join', { channel: 'general' })).channel.head).toBe(2)
  await say(mei, ['three'])
  await li.settle()
  expect(entriesOf(li).map(({ data }) => data.message.text)).toEqual(['one', 'three'])
})

test('[CHAN-2] a connection gets entries only of channels that it joined, once however often it joined', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const zoe = await running.signIn('zoe')
  await li.ask('channel.join', { channel: 'lounge' })
  await li.ask('channel.join', { channel: 'lounge' })
  await say(mei, ['in general'])
  await say(mei, ['in the lounge'], 'lounge')
  await li.settle()
  await zoe.settle()
  expect(entriesOf(li).map(({ channel }) => channel)).toEqual(['lounge'])
  expect([entriesOf(mei), entriesOf(zoe)]).toEqual([[], []])
})

test('[CHAN-3] a channel that does not exist gets not_found, in every request', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const channel = 'nowhere'
  const state = { channel, muted: false, deafened: false }
  const requests: [type: string, data: object][] = [
    ['channel.join', { channel }],
    ['channel.leave', { channel }],
    ['log.read', { channel, after: 0 }],
    ['message.send', { channel, clientId: 'a', text: 'hello' }],
    ['history.page', { channel }],
    ['voice.join', { ...state, device: 'd' }],
    ['voice.update', state],
    ['voice.leave', { channel }],
    ['track.publish', { key: 'microphone', format: OPUS, to: { channel } }],
  ]
  const codes: [type: string, code: string][] = []
  for (const [type, data] of requests) {
    const reply = await mei.request(type, data)
    codes.push([type, 'error' in reply ? reply.error.code : 'no error'])
  }
  expect(codes).toEqual(requests.map(([type]) => [type, 'not_found']))
})

test('[CHAN-3] a name that objects have of themselves is no channel', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  for (const channel of ['constructor', '__proto__', 'General', 'general ']) {
    expect(await mei.refusal('channel.join', { channel }), channel).toMatchObject({ code: 'not_found' })
  }
})

test('[CHAN-4] the first start makes one text and one voice channel, a second start none', async () => {
  await using folder = await temporaryFolder()
  const starts = []
  for (let start = 0; start < 2; start++) {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file: folder.file('a.db') }) })
    const mei = start === 0 ? await running.signIn('mei') : await running.connect()
    if (start === 1) await mei.authenticate('auth.login', { name: 'mei', password: 'correct horse' })
    starts.push((await mei.ask('channel.list', {})).channels)
  }
  const [first, second] = starts
  expect(first?.map(({ id, kind }) => [id, kind])).toEqual([
    ['general', 'text'],
    ['lounge', 'voice'],
  ])
  expect(second).toEqual(first)
  expect(new Set(first?.map(({ epoch }) => epoch)).size).toBe(2)
})

test('[CHAN-4] a channel that its operator removed is not made again by the next start', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await removeChannel(file, 'lounge')
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  expect((await mei.ask('channel.list', {})).channels.map(({ id }) => id)).toEqual(['general'])
})

test('a connection listens to 500 channels at most', async () => {
  await using folder = await temporaryFolder()
  const ids = Array.from({ length: 501 }, (_, at) => `channel-${at}`)
  await storeWithChannels(
    folder.file('a.db'),
    ids.map((id) => ({ id, kind: 'text' })),
  )
  await using running = await RunningServer.start({
    rateLimits: 'off',
    storage: sqliteStorage({ file: folder.file('a.db') }),
  })
  const mei = await running.signIn('mei')
  const [last = '', ...others] = ids
  await Promise.all(others.slice(0, 250).map((channel) => mei.ask('channel.join', { channel })))
  await Promise.all(others.slice(250).map((channel) => mei.ask('channel.join', { channel })))
  expect(await mei.refusal('channel.join', { channel: last })).toMatchObject({ code: 'rate_limited', retryable: true })
  await mei.ask('channel.join', { channel: others[0] ?? '' })
  await mei.ask('channel.leave', { channel: others[0] ?? '' })
  await mei.ask('channel.join', { channel: last })
})
