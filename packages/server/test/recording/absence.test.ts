import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { decodeFile } from '../muxer/decoded-file.ts'
import { pictures } from '../muxer/test-media.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { H264, recordingServer, sendPictures, startRecording } from './recording-server.ts'

const THIRTY = pictures({ frames: 30 })
const COUNTERS = THIRTY.map(({ counter }) => counter)
const ABSENCE_MS = 30_000
/** Short enough for probes to be answered in between. */
const STEP_MS = 1_000

test('[REC-4] a dropped connection comes back to the same recording, and learns what is lacking', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const before = await running.signIn('mei')
  const { id, track } = await startRecording(before)
  sendPictures(before, track, THIRTY.slice(0, 12))
  await before.settle()
  const { token } = before.authenticated
  await before[Symbol.asyncDispose]()

  const after = await running.connect()
  const recordings = [{ recording: id, tracks: [{ key: 'camera', format: H264 }] }]
  const resumed = await after.authenticate('session.resume', { token, cursors: {}, recordings })
  expect(resumed.recordings).toEqual({ [id]: { camera: { track: expect.any(Number), next: 12 } } })
  const camera = resumed.recordings?.[id]
  if (camera === undefined || camera === 'gone') throw new Error('expected a recording that goes on')
  const again = camera.camera?.track ?? 0
  expect(again).not.toBe(track)
  sendPictures(after, again, THIRTY.slice(12), 12)
  const { recording } = await after.ask('recording.stop', { recording: id })
  expect(recording.videoFrames).toBe(30)
  expect(decodeFile(folder.file(`videos/${id}.mp4`)).pictures.map(({ counter }) => counter)).toEqual(COUNTERS)
})

test('[REC-4] nobody comes back: after 30 s the recording ends by itself, and a resume finds it gone', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock })
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  await mei.settle()
  const { token } = mei.authenticated
  await mei[Symbol.asyncDispose]()

  const watcher = await running.signIn('li')
  const pass = async (duration: number): Promise<void> => {
    for (let left = duration; left > 0; left -= STEP_MS) {
      clock.advance(STEP_MS)
      await watcher.settle()
    }
  }
  const recordings = [{ recording: id, tracks: [{ key: 'camera', format: H264 }] }]
  await pass(ABSENCE_MS - STEP_MS)
  const early = await running.connect()
  const resumed = await early.authenticate('session.resume', { token, cursors: {}, recordings })
  expect(resumed.recordings).toEqual({ [id]: { camera: { track: expect.any(Number), next: 30 } } })
  await early[Symbol.asyncDispose]()
  await watcher.settle()

  await pass(ABSENCE_MS)
  const late = await running.connect()
  const gone = await late.authenticate('session.resume', { token, cursors: {}, recordings })
  expect(gone.recordings).toEqual({ [id]: 'gone' })
  const { recording } = await late.ask('recording.stop', { recording: id })
  expect(recording).toMatchObject({ state: 'finished', videoFrames: 30 })
})

test('[RES-6] tracks that a recording does not take make it gone; the connection is authenticated, and the rest stands', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const before = await running.signIn('mei')
  const { id } = await startRecording(before)
  const { token } = before.authenticated
  await before[Symbol.asyncDispose]()
  const after = await running.connect()
  const tracks = ['camera', 'screen'].map((key) => ({ key, format: H264 }))
  const cursors = { general: { epoch: 'any', seq: 0 } }
  const reply = await after.authenticate('session.resume', { token, cursors, recordings: [{ recording: id, tracks }] })
  expect(reply).toMatchObject({ channels: { general: { head: 0 } }, recordings: { [id]: 'gone' } })
  expect((await after.ask('recording.list', {})).recordings).toHaveLength(1)
})
