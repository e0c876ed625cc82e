import { expect, test } from 'vitest'
import { MediaFlag } from '../../src/codec/media-header.ts'
import { FakeSource } from './fake-source.ts'
import { mediaSent } from './media-frames.ts'
import { outcomeOf } from './outcome.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { FORMAT } from './wire-data.ts'

const { talkSpurtStart, talkSpurtEnd } = MediaFlag

test('play sends a source to its end, and resolves with the frames that it took', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const played = outcomeOf(call.play(file))
  await settle()
  expect(peer.asked('track.publish')).toEqual([{ key: 'playback-id-1', format: FORMAT, to: { channel: 'lounge' } }])
  file.frame(0.1, 0)
  file.frame(0.2, 20)
  file.samples(480, 0.3, 40)
  await settle()
  expect(played.status).toBe('pending')
  file.end()
  await settle()
  expect(played).toEqual({ status: 'fulfilled', value: { frames: 3 } })
  expect(mediaSent(peer.connection).map(({ seq, flags, payload }) => [seq, flags, payload[0]])).toEqual([
    [0, talkSpurtStart, 10],
    [1, 0, 20],
    [2, talkSpurtEnd, 30],
  ])
  expect(file.closed).toBe(1)
  expect(peer.asked('track.unpublish')).toEqual([{ track: 7 }])
})

test('a source that ends with a whole frame ends its talk spurt with a silent one', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const played = outcomeOf(call.play(file))
  await settle()
  file.frame(0.1, 0)
  file.end()
  await settle()
  expect(mediaSent(peer.connection).map(({ flags, level, timestamp }) => [flags, level, timestamp])).toEqual([
    [talkSpurtStart, 20, 0],
    [talkSpurtEnd, 127, 20_000],
  ])
  expect(played.value).toEqual({ frames: 2 })
})

test('play resolves after its last frame, though the encoder hands it out later', async () => {
  const file = new FakeSource()
  const { client, peer, codec } = await signedInClient()
  codec.holds = true
  const call = await client.voice.join('lounge')
  const played = outcomeOf(call.play(file))
  await settle()
  file.frame(0.1, 0)
  file.samples(480, 0.2, 20)
  file.end()
  await settle()
  codec.release()
  await settle()
  const last = mediaSent(peer.connection).map(({ flags, payload }) => [flags & talkSpurtEnd, payload[0]])
  expect(last).toEqual([
    [0, 10],
    [talkSpurtEnd, 20],
  ])
  expect(played).toEqual({ status: 'fulfilled', value: { frames: 2 } })
})

test('a source that breaks rejects the play, and its track ends', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const played = outcomeOf(call.play(file))
  await settle()
  const broken = new Error('the file is cut short')
  file.end(broken)
  await settle()
  expect(played).toEqual({ status: 'rejected', error: broken })
  expect(file.closed).toBe(1)
  expect(peer.asked('track.unpublish')).toEqual([{ track: 7 }])
})

test('a signal stops a play', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const controller = new AbortController()
  const played = outcomeOf(call.play(file, { signal: controller.signal }))
  await settle()
  file.frame(0.1, 0)
  controller.abort('enough')
  await settle()
  expect(played).toEqual({ status: 'rejected', error: 'enough' })
  expect(file.closed).toBe(1)
  expect(peer.asked('track.unpublish')).toEqual([{ track: 7 }])
})

test('a signal that was aborted before plays nothing', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  await expect(call.play(file, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  expect(peer.asked('track.publish')).toEqual([])
  expect(file.opened).toBe(0)
})

test('a play that is stopped while it is being published rejects, and nothing else fails', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient({ answers: { 'track.publish': () => undefined } })
  const call = await client.voice.join('lounge')
  const controller = new AbortController()
  const played = outcomeOf(call.play(file, { signal: controller.signal }))
  await settle()
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  controller.abort('enough')
  await settle()
  peer.reply('track.publish', { track: 7 })
  await settle()
  process.off('unhandledRejection', note)
  expect(played).toEqual({ status: 'rejected', error: 'enough' })
  expect(unhandled).toEqual([])
  expect(file.opened === 0 || file.closed === 1).toBe(true)
})

test('a play ends when the call does', async () => {
  const file = new FakeSource()
  const { client } = await signedInClient()
  const call = await client.voice.join('lounge')
  const played = outcomeOf(call.play(file))
  await settle()
  await call.leave()
  await settle()
  expect(file.closed).toBeGreaterThan(0)
  expect(['fulfilled', 'rejected']).toContain(played.status)
})

test('two sources play beside each other and the microphone, each on a track of its own', async () => {
  const sources = [new FakeSource(), new FakeSource(), new FakeSource()] as const
  let track = 10
  const { client, peer } = await signedInClient({ answers: { 'track.publish': () => ({ track: track++ }) } })
  const call = await client.voice.join('lounge', { microphone: sources[0] })
  void outcomeOf(call.play(sources[1]))
  void outcomeOf(call.play(sources[2]))
  await settle()
  sources.forEach((source, index) => void source.frame((index + 1) / 10, 0))
  expect(mediaSent(peer.connection).map(({ track, seq, payload }) => [track, seq, payload[0]])).toEqual([
    [10, 0, 10],
    [11, 0, 20],
    [12, 0, 30],
  ])
  expect(peer.asked('track.publish').map(({ key }) => key)).toEqual(['microphone', 'playback-id-1', 'playback-id-2'])
})

test('mute is for the microphone: a source goes on playing', async () => {
  const file = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  void outcomeOf(call.play(file))
  await settle()
  call.mute()
  file.frame(0.1, 0)
  expect(mediaSent(peer.connection)).toHaveLength(1)
})
