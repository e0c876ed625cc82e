import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { storeWithChannels } from '../stored-channels.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { enter, publish } from '../voice.ts'

const UNKNOWN_EPOCH = 'another log'

test('[RES-1] the reply has epoch and head of each channel in cursors, or gone, and of no other', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { channels } = await mei.ask('channel.list', {})
  const epoch = channels[0]?.epoch ?? ''
  await say(mei, numbered(3))
  const { token, user, session } = mei.authenticated
  const back = await running.connect()
  const cursors = { general: { epoch, seq: 1 }, removed: { epoch: UNKNOWN_EPOCH, seq: 5 } }
  expect(await back.authenticate('session.resume', { token, cursors })).toEqual({
    user,
    token,
    session,
    expiresAt: expect.any(Number),
    refreshAt: expect.any(Number),
    channels: { general: { epoch, head: 3 }, removed: 'gone' },
  })
})

test('[RES-1] the epoch in the reply is the log’s, whatever the cursor says', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['one'])
  const epoch = (await mei.ask('channel.list', {})).channels[0]?.epoch
  const back = await running.connect()
  const { token } = mei.authenticated
  const cursors = { general: { epoch: UNKNOWN_EPOCH, seq: 900 } }
  const { channels } = await back.authenticate('session.resume', { token, cursors })
  expect(channels).toEqual({ general: { epoch, head: 1 } })
})

test('[RES-1] live traffic of the declared channels starts at the head of the reply, without a gap', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token } = (await running.signIn('li')).authenticated
  const back = await running.connect()
  const sends = say(mei, numbered(30))
  const epoch = 'any'
  const { channels } = await back.authenticate('session.resume', { token, cursors: { general: { epoch, seq: 0 } } })
  await sends
  await back.settle()
  const { general } = channels
  const head = general === undefined || general === 'gone' ? -1 : general.head
  const live = Array.from({ length: 30 - head }, (_, at) => head + 1 + at)
  expect(entriesOf(back).map(({ seq }) => seq)).toEqual(live)
})

test('[RES-1] nothing is remembered of the connection before: not its channels, not its voice', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(mei)
  await li.ask('channel.join', { channel: 'general' })
  await enter(li)
  await publish(li)
  const { token } = li.authenticated
  await li[Symbol.asyncDispose]()
  const back = await running.connect()
  const reply = await back.authenticate('session.resume', { token, cursors: {} })
  expect(reply).not.toHaveProperty('voice')
  await say(mei, ['for nobody'])
  await back.settle()
  expect(entriesOf(back)).toEqual([])
  const { members } = await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  expect(members).toMatchObject([{ user: { name: 'mei' } }, { user: { name: 'li' }, reconnecting: true }])
})

test('[RES-4] with voice the connection is a member again, its tracks published under new numbers', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const there = await enter(mei)
  const before = await enter(li)
  const old = await publish(li, 'microphone')
  await li[Symbol.asyncDispose]()
  const back = await running.connect()
  const tracks = [
    { key: 'microphone', format: OPUS },
    { key: 'screen', format: OPUS },
  ]
  const { token, user } = li.authenticated
  const voice = { channel: 'lounge', device: 'd', muted: true, deafened: false, tracks }
  const reply = await back.authenticate('session.resume', { token, cursors: {}, voice })
  if (!reply.voice || reply.voice === 'gone') throw new Error('expected a membership')
  const { microphone = 0, screen = 0 } = reply.voice.tracks
  const summary = {
    member: reply.voice.member,
    user: { id: user.id, name: 'li' },
    muted: true,
    deafened: false,
    reconnecting: false,
    tracks: [
      { track: microphone, key: 'microphone', format: OPUS },
      { track: screen, key: 'screen', format: OPUS },
    ],
  }
  expect(reply.voice).toEqual({
    channel: 'lounge',
    member: before,
    members: [expect.objectContaining({ member: there }), summary],
    tracks: { microphone, screen },
  })
  expect(new Set([old, microphone, screen]).size).toBe(3)
  expect(await mei.event('voice.changed')).toMatchObject({ member: { member: before, reconnecting: false } })
  expect(await mei.event('voice.changed')).toMatchObject({ member: { member: before, reconnecting: true, tracks: [] } })
  expect(await mei.event('voice.changed')).toEqual({ channel: 'lounge', member: summary })
  const frame = mediaFrame({ track: screen })
  back.sendBinary(frame)
  expect(Buffer.compare(await mei.frames.take(), frame)).toBe(0)
})

test('[RES-4] a voice channel that is no more, or is not for voice, is gone, and the rest is resumed', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  for (const channel of ['removed', 'general']) {
    const back = await running.connect()
    const tracks = [{ key: 'microphone', format: OPUS }]
    const voice = { channel, device: 'd', muted: false, deafened: false, tracks }
    const cursors = { general: { epoch: 'any', seq: 0 } }
    const reply = await back.authenticate('session.resume', { token, cursors, voice })
    expect(reply.voice).toBe('gone')
    expect(reply.channels).toMatchObject({ general: { head: 0 } })
    expect(await back.refusal('track.publish', { key: 'x', format: OPUS, to: { channel: 'lounge' } })).toMatchObject({
      code: 'forbidden',
    })
  }
})

test('[RES-4] more tracks than a connection may have are refused before anything is resumed', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await enter(mei)
  const { token } = (await running.signIn('li')).authenticated
  const back = await running.connect()
  const tracks = Array.from({ length: 17 }, (_, at) => ({ key: `track ${at}`, format: OPUS }))
  const voice = { channel: 'lounge', device: 'd', muted: false, deafened: false, tracks }
  expect(await back.refusal('session.resume', { token, cursors: {}, voice })).toMatchObject({ code: 'bad_request' })
  await mei.settle()
  expect(mei.texts.all.filter(({ type }) => type === 'voice.changed')).toEqual([])
  const reply = await back.authenticate('session.resume', { token, cursors: {}, voice: { ...voice, tracks: [] } })
  expect(reply.voice).toMatchObject({ channel: 'lounge', tracks: {} })
})

test('[RES-1] a resume of many channels at once joins each of them', async () => {
  await using folder = await temporaryFolder()
  const ids = Array.from({ length: 40 }, (_, at) => `channel-${at}`)
  await storeWithChannels(
    folder.file('a.db'),
    ids.map((id) => ({ id, kind: 'text' })),
  )
  await using running = await RunningServer.start({ storage: sqliteStorage({ file: folder.file('a.db') }) })
  const mei = await running.signIn('mei')
  const back = await running.connect()
  const cursors = Object.fromEntries(ids.map((id) => [id, { epoch: `epoch of ${id}`, seq: 0 }]))
  const reply = await back.authenticate('session.resume', { token: mei.authenticated.token, cursors })
  expect(reply.channels).toEqual(Object.fromEntries(ids.map((id) => [id, { epoch: `epoch of ${id}`, head: 0 }])))
  for (const id of ids) await say(mei, ['hello'], id)
  await back.settle()
  expect(entriesOf(back).map(({ channel }) => channel)).toEqual(ids)
})

test('[RES-6] a part that cannot be taken up is gone, and the rest of the resume stands', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const back = await running.connect()
  const tracks = [{ key: 'camera', format: OPUS }]
  const reply = await back.authenticate('session.resume', {
    token,
    cursors: { general: { epoch: 'any', seq: 0 }, removed: { epoch: 'any', seq: 0 } },
    voice: { channel: 'general', device: 'd', muted: false, deafened: false, tracks },
    recordings: [{ recording: 'nobody’s', tracks }],
  })
  expect(reply).toMatchObject({
    channels: { general: { head: 0 }, removed: 'gone' },
    voice: 'gone',
    recordings: { 'nobody’s': 'gone' },
  })
  expect((await back.ask('channel.list', {})).channels).toHaveLength(2)
})
