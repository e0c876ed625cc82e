import type { TrackAck } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { expect, test } from 'vitest'
import { decodeFile } from '../muxer/decoded-file.ts'
import { pictures } from '../muxer/test-media.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { H264, recordingServer, sendPictures, startRecording } from './recording-server.ts'

const THIRTY = pictures({ frames: 30 })

test('[REC-1] a recording is started with its title, in state recording', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { recording } = await mei.ask('recording.start', { title: 'stand-up' })
  expect(recording).toMatchObject({ title: 'stand-up', state: 'recording', owner: { name: 'mei' }, videoFrames: 0 })
})

test('[REC-1] a server without a muxer lacks the capability and says why it refuses', async () => {
  await using running = await RunningServer.start()
  const mei = await running.connect()
  expect(mei.received[0]).toMatchObject({ data: { capabilities: expect.not.arrayContaining(['recording']) } })
  await mei.authenticate('auth.register', { name: 'mei', password: 'long enough' })
  expect(await mei.refusal('recording.start', {})).toMatchObject({ code: 'unavailable', message: /record/ })
})

test('[REC-1] a muxer that cannot work here leaves the server working without recording', async () => {
  await using folder = await temporaryFolder()
  const check = async (): Promise<void> => {
    throw new Error('recording needs the package node-av: npm install node-av')
  }
  const muxer = { name: 'absent', module: 'file:///nowhere.js', check }
  await using server = createServer({ muxer, blobs: fsBlobs({ directory: folder.path }) })
  await server.open()
  expect(server.notRecording).toBe('recording needs the package node-av: npm install node-av')
})

test('[REC-1] two recordings of one user at a time, a third is refused', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  await mei.ask('recording.start', {})
  await mei.ask('recording.start', {})
  expect(await mei.refusal('recording.start', {})).toMatchObject({ code: 'rate_limited' })
})

test('[REC-1] of three that are asked for in one write two are started', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const posted = [1, 2, 3].map(() => mei.post('recording.start', {}))
  const replies = await Promise.all(posted.map((id) => mei.reply(id)))
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'started'))).toEqual([
    'started',
    'started',
    'rate_limited',
  ])
})

test('[REC-2][ACK-1] every picture that was sent is in the file, and was acked as stored', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  const { recording } = await mei.ask('recording.stop', { recording: id })
  expect(recording).toMatchObject({ state: 'finished', videoFrames: 30, width: 320, height: 240 })
  expect(recording.durationMs).toBeCloseTo(3_000, -2)
  const file = decodeFile(folder.file(`videos/${id}.mp4`))
  expect(file.pictures.map(({ counter }) => counter)).toEqual(THIRTY.map(({ counter }) => counter))
  const acks = mei.texts.all.filter(({ type }) => type === 'track.ack').map(({ data }) => data)
  expect(acks.at(-1)).toMatchObject({ track, received: 29, stored: 29 })
})

test('[REC-3] the list is newest first and the owner’s alone; others find nothing', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const first = await startRecording(mei, 'first')
  clock.advance(1_000)
  const second = await startRecording(mei, 'second')
  const { recordings } = await mei.ask('recording.list', {})
  expect(recordings.map(({ title }) => title)).toEqual(['second', 'first'])
  expect((await li.ask('recording.list', {})).recordings).toEqual([])
  expect(await li.refusal('recording.stop', { recording: first.id })).toMatchObject({ code: 'not_found' })
  const link = { recording: second.id, disposition: 'inline' }
  expect(await li.refusal('recording.link', link)).toMatchObject({ code: 'not_found' })
  const publish = { key: 'camera', format: H264, to: { recording: first.id } }
  expect(await li.refusal('track.publish', publish)).toMatchObject({ code: 'not_found' })
})

test('[REC-5] the owner is told how the file grows on disk', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  const progress = await mei.event('recording.progress')
  expect(progress.recording).toBe(id)
  expect(progress.bytes).toBeGreaterThan(1_000)
})

test('[ACK-1] every 100 ms an ack says what has come and what of it is synced', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  const module = new URL('counting-muxer.mjs', import.meta.url).href
  await using running = await recordingServer(folder.path, {
    clock,
    muxer: { name: 'counting', module, check: async () => {} },
  })
  const mei = await running.signIn('mei')
  const { track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  await mei.settle()
  for (let count = 1; count <= 5; count++) {
    clock.advance(99)
    await mei.settle()
    expect(mei.texts.all.filter(({ type }) => type === 'track.ack')).toHaveLength(count - 1)
    clock.advance(1)
    await mei.settle()
    expect(mei.texts.all.filter(({ type }) => type === 'track.ack')).toHaveLength(count)
  }
  for (const { data } of mei.texts.takeAll().filter(({ type }) => type === 'track.ack')) {
    expect(data).toMatchObject({ track, received: 29 })
    expect([-1, 10]).toContain((data as TrackAck).stored)
  }
  await mei.event('recording.progress')
  clock.advance(100)
  expect(await mei.event('track.ack')).toMatchObject({ track, received: 29, stored: 10 })
})

test('[ACK-3] frames that came before are dropped, so a repeat is harmless', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY.slice(0, 20))
  sendPictures(mei, track, THIRTY.slice(5), 5)
  const { recording } = await mei.ask('recording.stop', { recording: id })
  expect(recording.videoFrames).toBe(30)
  expect(decodeFile(folder.file(`videos/${id}.mp4`)).pictures.map(({ counter }) => counter)).toEqual(
    THIRTY.map(({ counter }) => counter),
  )
})

test('a recording of nothing is listed as failed, and another one works', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { recording } = await mei.ask('recording.start', {})
  expect((await mei.ask('recording.stop', { recording: recording.id })).recording.state).toBe('failed')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  expect((await mei.ask('recording.stop', { recording: id })).recording.state).toBe('finished')
})

test('[TRACK-1] a recording has one track of pictures at most', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id } = await startRecording(mei)
  const second = { key: 'screen', format: H264, to: { recording: id } }
  expect(await mei.refusal('track.publish', second)).toMatchObject({ code: 'forbidden' })
})

test('[TRACK-1] another connection of the same user may not publish to a recording', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const [mei, phone] = [await running.signIn('mei'), await running.signIn('mei')]
  const { recording } = await mei.ask('recording.start', {})
  const camera = { key: 'camera', format: H264, to: { recording: recording.id } }
  expect(await phone.refusal('track.publish', camera)).toMatchObject({ code: 'forbidden' })
})

test('a media host that had nothing to do for a minute is alive and takes the next recording', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock })
  const mei = await running.signIn('mei')
  const first = await startRecording(mei)
  sendPictures(mei, first.track, THIRTY)
  await mei.ask('recording.stop', { recording: first.id })
  const hosts = running.server.stats.mediaHosts
  for (let second = 0; second < 60; second++) {
    clock.advance(1_000)
    await mei.settle()
  }
  const next = await startRecording(mei)
  sendPictures(mei, next.track, THIRTY)
  clock.advance(200)
  const { recording } = await mei.ask('recording.stop', { recording: next.id })
  expect(recording).toMatchObject({ state: 'finished', videoFrames: 30 })
  expect(running.server.stats.mediaHosts).toEqual(hosts)
})

test('a connection that closes while its recording is being started leaves none that runs for good', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock, rateLimits: 'off' })
  const mei = await running.signIn('mei')
  mei.post('recording.start', { title: 'orphan' })
  await mei[Symbol.asyncDispose]()
  const again = await running.signIn('mei')
  for (let second = 0; second < 31; second++) {
    clock.advance(1_000)
    await again.settle()
  }
  const isRunning = async (): Promise<boolean> => {
    const { recordings } = await again.ask('recording.list', {})
    return recordings.some(({ state }) => state === 'recording')
  }
  while (await isRunning()) await again.settle()
  await startRecording(again)
  await startRecording(again)
})
