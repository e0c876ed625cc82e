import { readSeq } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { mediaFrame, OPUS } from '../media-frame.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'
import { enter, publish, talk } from '../voice.ts'

/** What came of tracks, in order: events by their name and number, frames by theirs. */
function tracksHeard(client: RawClient): string[] {
  return client.received.flatMap((item) => {
    if (item instanceof Uint8Array) return client.frames.all.includes(item) ? [`frame ${readSeq(item)}`] : []
    const { track } = (item['data'] ?? {}) as { track?: number | { track: number } }
    if (item['type'] === 'track.published') return [`published ${typeof track === 'object' ? track.track : ''}`]
    return item['type'] === 'track.unpublished' ? [`unpublished ${track}`] : []
  })
}

test('[TRACK-1] only a member of the channel in to may publish there', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const to = (channel: string): object => ({ key: 'microphone', format: OPUS, to: { channel } })
  expect(await mei.refusal('track.publish', to('lounge'))).toMatchObject({ code: 'forbidden' })
  await enter(mei)
  expect(await mei.refusal('track.publish', to('general'))).toMatchObject({ code: 'forbidden' })
  expect(await mei.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })).toEqual({
    track: expect.any(Number),
  })
  await mei.ask('voice.leave', { channel: 'lounge' })
  expect(await mei.refusal('track.publish', to('lounge'))).toMatchObject({ code: 'forbidden' })
})

test('[TRACK-1] the number in the reply, and no other, is heard in frames', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  await enter(mei)
  mei.sendBinary(mediaFrame({ track: 1, seq: 1 }))
  await mei.settle()
  const track = await publish(mei)
  for (const number of [track - 1, track + 1, 0, 65_535]) mei.sendBinary(mediaFrame({ track: number, seq: 2 }))
  const frame = mediaFrame({ track, seq: 3 })
  mei.sendBinary(frame)
  await mei.settle()
  await li.settle()
  expect(li.frames.all.map(readSeq)).toEqual([3])
})

test('[TRACK-1] a channel takes audio only', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await enter(mei)
  const format = { kind: 'video', codec: 'h264', width: 320, height: 240 }
  const camera = { key: 'camera', format, to: { channel: 'lounge' } }
  expect(await mei.refusal('track.publish', camera)).toMatchObject({ code: 'forbidden' })
})

test('[TRACK-2] the others get published, frames, unpublished, in this order, though all was sent at once', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { member, track } = await talk(mei)
  for (let seq = 0; seq < 5; seq++) mei.sendBinary(mediaFrame({ track, seq }))
  await mei.ask('track.unpublish', { track })
  await li.settle()
  expect(tracksHeard(li)).toEqual([
    `published ${track}`,
    'frame 0',
    'frame 1',
    'frame 2',
    'frame 3',
    'frame 4',
    `unpublished ${track}`,
  ])
  expect(await li.event('track.published')).toEqual({
    channel: 'lounge',
    member,
    track: { track, key: 'microphone', format: OPUS },
  })
  expect(await li.event('track.unpublished')).toEqual({ channel: 'lounge', member, track })
  expect(tracksHeard(mei)).toEqual([])
})

test('[TRACK-3] numbers of tracks that ended are not given out again', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  await enter(mei)
  const given = new Set<number>()
  for (let count = 0; count < 300; count++) {
    const track = await publish(mei)
    given.add(track)
    await mei.ask('track.unpublish', { track })
  }
  expect(given.size).toBe(300)
})

test('[TRACK-4] publishing a key again replaces its track', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { track: first } = await talk(mei)
  const other = await publish(mei, 'screen')
  const second = await publish(mei)
  for (const [seq, track] of [first, other, second].entries()) mei.sendBinary(mediaFrame({ track, seq }))
  await mei.settle()
  await li.settle()
  expect(new Set([first, other, second]).size).toBe(3)
  expect(li.frames.all.map(readSeq)).toEqual([1, 2])
  expect(tracksHeard(li).filter((heard) => heard.startsWith('unpublished'))).toEqual([`unpublished ${first}`])
  const { members } = await li.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  expect(members.flatMap(({ tracks }) => tracks.map(({ track }) => track))).toEqual([other, second])
})

test('[SEND-3] a track’s key with U+0000 or an unpaired surrogate gets bad_request', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await enter(mei)
  for (const key of ['mic\u0000', 'mic\ud83d']) {
    expect(await mei.refusal('track.publish', { key, format: OPUS, to: { channel: 'lounge' } })).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'key' }],
    })
  }
})

test('[TRACK-5] frames of unknown tracks and of other connections are dropped and counted', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const zoe = await running.signIn('zoe')
  const stranger = await running.connect()
  const { track } = await talk(mei)
  const { track: ended } = await talk(li)
  await enter(zoe)
  await li.ask('track.unpublish', { track: ended })
  const again = await running.connect()
  await again.authenticate('auth.token', { token: mei.authenticated.token })
  for (const client of [li, zoe, stranger, again]) {
    client.sendBinary(mediaFrame({ track }))
    client.sendBinary(mediaFrame({ track: 60_000 }))
    await client.settle()
  }
  li.sendBinary(mediaFrame({ track: ended }))
  await li.settle()
  for (const client of [mei, li, zoe]) {
    await client.settle()
    expect(client.frames.all).toEqual([])
  }
  expect(running.server.stats).toMatchObject({ foreign: 9, relayed: 0 })
  mei.sendBinary(mediaFrame({ track }))
  await mei.settle()
  expect(running.server.stats).toMatchObject({ foreign: 9, relayed: 1 })
})

test('unpublishing a track that is unknown or another’s gets not_found, and the track goes on', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { track } = await talk(mei)
  expect(await li.refusal('track.unpublish', { track })).toMatchObject({ code: 'not_found' })
  expect(await li.refusal('track.unpublish', { track: 60_000 })).toMatchObject({ code: 'not_found' })
  mei.sendBinary(mediaFrame({ track }))
  expect(await li.frames.take()).toHaveLength(20)
})

test('a connection has 16 tracks at most', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await enter(mei)
  const tracks: number[] = []
  for (let count = 0; count < LIMITS.tracks; count++) tracks.push(await publish(mei, `track ${count}`))
  const one = { key: 'one more', format: OPUS, to: { channel: 'lounge' } }
  expect(await mei.refusal('track.publish', one)).toMatchObject({ code: 'rate_limited', retryable: true })
  await publish(mei, 'track 3')
  await mei.ask('track.unpublish', { track: tracks[0] ?? 0 })
  expect(await mei.ask('track.publish', one)).toEqual({ track: expect.any(Number) })
})
