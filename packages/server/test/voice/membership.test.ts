import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { storeWithChannels } from '../stored-channels.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { enter, publish, talk } from '../voice.ts'

test('[VOICE-1] the reply has everybody who is there, the newcomer too; the others get the whole new member', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const first = await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  const { id } = mei.authenticated.user
  const member = {
    member: first.member,
    user: { id, name: 'mei' },
    muted: false,
    deafened: false,
    reconnecting: false,
    tracks: [],
  }
  expect(first).toEqual({ channel: 'lounge', member: expect.any(String), members: [member] })
  const track = await publish(mei)
  const second = await li.ask('voice.join', { channel: 'lounge', device: 'd', muted: true, deafened: true })
  const newcomer = {
    member: second.member,
    user: { id: li.authenticated.user.id, name: 'li' },
    muted: true,
    deafened: true,
    reconnecting: false,
    tracks: [],
  }
  expect(second).toEqual({
    channel: 'lounge',
    member: expect.not.stringMatching(`^${first.member}$`),
    members: [{ ...member, tracks: [{ track, key: 'microphone', format: OPUS }] }, newcomer],
  })
  expect(await mei.event('voice.changed')).toEqual({ channel: 'lounge', member: newcomer })
  await li.settle()
  expect(li.texts.all.filter(({ type }) => type === 'voice.changed')).toEqual([])
})

test('[VOICE-1] a user with two devices is two members', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const again = await running.connect()
  await again.authenticate('auth.token', { token: mei.authenticated.token })
  const one = await enter(mei)
  const { members } = await again.ask('voice.join', { channel: 'lounge', device: 'e', muted: false, deafened: false })
  expect(members.map(({ member, user }) => [member === one, user.name])).toEqual([
    [true, 'mei'],
    [false, 'mei'],
  ])
})

test('[VOICE-1] nobody outside the channel hears of its members', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'lounge' })
  await talk(mei)
  await mei.ask('voice.leave', { channel: 'lounge' })
  await li.settle()
  expect(
    li.texts.all.filter(({ type }) => String(type).startsWith('voice.') || String(type).startsWith('track.')),
  ).toEqual([])
})

test('[VOICE-2] joining another voice channel leaves the first, its tracks with it', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWithChannels(file, [{ id: 'attic', kind: 'voice' }])
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  const below = await running.signIn('li')
  const above = await running.signIn('zoe')
  await enter(below)
  await above.ask('voice.join', { channel: 'attic', device: 'd', muted: false, deafened: false })
  const { member, track } = await talk(mei)
  const moved = await mei.ask('voice.join', { channel: 'attic', device: 'd', muted: true, deafened: false })
  expect(moved.members.map(({ user, tracks }) => [user.name, tracks])).toEqual([
    ['zoe', []],
    ['mei', []],
  ])
  expect(await below.event('voice.left')).toEqual({ channel: 'lounge', member })
  expect(await above.event('voice.changed')).toMatchObject({
    channel: 'attic',
    member: { member: moved.member, muted: true },
  })
  mei.sendBinary(mediaFrame({ track }))
  await mei.settle()
  await below.settle()
  await above.settle()
  expect([below.frames.all, above.frames.all, running.server.stats.foreign]).toEqual([[], [], 1])
  expect(await mei.refusal('track.publish', { key: 'x', format: OPUS, to: { channel: 'lounge' } })).toMatchObject({
    code: 'forbidden',
  })
})

test('[VOICE-2] joining the same channel again changes the state and keeps the tracks', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { member, track } = await talk(mei)
  const again = await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: true, deafened: false })
  expect(again.members.find((one) => one.member === member)).toMatchObject({ muted: true, tracks: [{ track }] })
  await li.settle()
  expect(li.texts.all.filter(({ type }) => type === 'voice.left')).toEqual([])
  expect(again.members).toHaveLength(2)
})

test('[VOICE-3] joining a channel that is not for voice gets forbidden', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await enter(mei)
  const refusal = await mei.refusal('voice.join', { channel: 'general', device: 'd', muted: false, deafened: false })
  expect(refusal).toEqual({ code: 'forbidden', message: 'that channel is not for voice', retryable: false })
  await publish(mei)
  expect(running.server.stats.rooms).toBe(1)
})

test('[VOICE-4] voice.update changes what the others see, and is not told to whoever asked', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const member = await enter(mei)
  expect(await li.event('voice.changed')).toMatchObject({ member: { member, muted: false, deafened: false } })
  expect(await mei.ask('voice.update', { channel: 'lounge', muted: true, deafened: true })).toEqual({})
  expect(await li.event('voice.changed')).toEqual({
    channel: 'lounge',
    member: {
      member,
      user: expect.objectContaining({ name: 'mei' }),
      muted: true,
      deafened: true,
      reconnecting: false,
      tracks: [],
    },
  })
  await mei.settle()
  expect(mei.texts.all.filter(({ type }) => type === 'voice.changed')).toEqual([])
  await mei.ask('voice.leave', { channel: 'lounge' })
  expect(await mei.refusal('voice.update', { channel: 'lounge', muted: true, deafened: true })).toMatchObject({
    code: 'not_found',
  })
})

test('[VOICE-4] a deafened member gets no audio, and gets it again when it hears again', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const zoe = await running.signIn('zoe')
  await enter(li)
  await enter(zoe, { deafened: true })
  const { track } = await talk(mei)
  const send = async (seq: number): Promise<void> => {
    mei.sendBinary(mediaFrame({ track, seq }))
    for (const client of [mei, li, zoe]) await client.settle()
  }
  await send(0)
  expect([li.frames.all.length, zoe.frames.all.length]).toEqual([1, 0])
  await zoe.ask('voice.update', { channel: 'lounge', muted: false, deafened: false })
  await li.ask('voice.update', { channel: 'lounge', muted: false, deafened: true })
  await send(1)
  expect([li.frames.all.length, zoe.frames.all.length]).toEqual([1, 1])
})

test('[VOICE-5] voice.leave ends the membership and its tracks; the others get voice.left', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { member, track } = await talk(mei)
  expect(await mei.ask('voice.leave', { channel: 'lounge' })).toEqual({})
  expect(await li.event('voice.left')).toEqual({ channel: 'lounge', member })
  mei.sendBinary(mediaFrame({ track }))
  await mei.settle()
  await li.settle()
  expect([li.frames.all.length, running.server.stats.foreign]).toEqual([0, 1])
  expect(await mei.refusal('track.unpublish', { track })).toMatchObject({ code: 'not_found' })
  expect(
    (await li.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })).members,
  ).toHaveLength(1)
  expect(await mei.ask('voice.leave', { channel: 'lounge' })).toEqual({})
})

test('[VOICE-5] whoever left gets nothing of the channel any more', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { track } = await talk(mei)
  await li.ask('voice.leave', { channel: 'lounge' })
  const before = li.received.length
  mei.sendBinary(mediaFrame({ track }))
  await mei.ask('voice.update', { channel: 'lounge', muted: true, deafened: false })
  await publish(mei, 'screen')
  await li.settle()
  expect(li.received.slice(before).filter((item) => !(item instanceof Uint8Array))).toEqual([])
  expect(li.frames.all).toEqual([])
})

test('a room is there as long as somebody is in it', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(mei)
  await enter(li)
  await mei.ask('voice.leave', { channel: 'lounge' })
  expect(running.server.stats.rooms).toBe(1)
  await li.ask('voice.leave', { channel: 'lounge' })
  expect(running.server.stats.rooms).toBe(0)
})
