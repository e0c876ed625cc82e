import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { decodeFile } from '../muxer/decoded-file.ts'
import { pictures } from '../muxer/test-media.ts'
import type { RawClient } from '../raw-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type RecordingServer, recordingServer, sendPictures, startRecording } from './recording-server.ts'

const THIRTY = pictures({ frames: 30 })
const COUNTERS = THIRTY.map(({ counter }) => counter)
/** The last picture lasts until the one after it, so it is written with that or at the end. */
const ON_DISK = 29

/** Kills the media host; returns its process id. */
function killHost({ server }: RecordingServer): number {
  const [pid] = server.stats.mediaHosts
  if (pid === undefined) throw new Error('expected a media host that runs')
  process.kill(pid, 'SIGKILL')
  return pid
}

/** Resolves when pictures up to `seq` are known to be on disk. */
async function stored(client: RawClient, seq: number): Promise<void> {
  for (let last = -1; last < seq; ) last = (await client.event('track.ack')).stored
}

test('[ACK-4] a media host that is killed before and after its first sync costs no picture', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY.slice(0, 10))
  await mei.settle()
  killHost(running)
  await stored(mei, 8)
  sendPictures(mei, track, THIRTY.slice(10, 20), 10)
  await mei.settle()
  killHost(running)
  sendPictures(mei, track, THIRTY.slice(20), 20)
  const { recording } = await mei.ask('recording.stop', { recording: id })
  expect(recording).toMatchObject({ state: 'finished', videoFrames: 30 })
  expect(decodeFile(folder.file(`videos/${id}.mp4`)).pictures.map(({ counter }) => counter)).toEqual(COUNTERS)
})

test('[REC-5] a recording whose host dies again and again has failed, the owner is told, what is on disk is kept', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  await stored(mei, ON_DISK - 1)
  const failed = mei.event('recording.failed')
  let told = false
  void failed.then(() => {
    told = true
  })
  let killed = killHost(running)
  while (!told) {
    await mei.settle()
    const [pid = killed] = running.server.stats.mediaHosts
    if (pid !== killed && !told) killed = killHost(running)
  }
  expect(await failed).toEqual({ recording: id, message: expect.stringContaining('media host') })
  const { recording } = await mei.ask('recording.stop', { recording: id })
  expect(recording).toMatchObject({ state: 'recovered', videoFrames: ON_DISK })
  expect(decodeFile(folder.file(`videos/${id}.mp4`)).pictures.map(({ counter }) => counter)).toEqual(
    COUNTERS.slice(0, ON_DISK),
  )
})

test('[REC-6] what a crash leaves is made playable at the next start and listed as recovered', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, track } = await startRecording(mei)
  sendPictures(mei, track, THIRTY)
  await stored(mei, ON_DISK - 1)
  // What is on disk at this moment is what a crash would leave.
  await cp(folder.path, left.path, { recursive: true })
  await using next = await recordingServer(left.path)
  const again = await next.signIn('mei')
  const { recordings } = await again.ask('recording.list', {})
  expect(recordings).toMatchObject([{ id, state: 'recovered', videoFrames: ON_DISK }])
  expect(decodeFile(left.file(`videos/${id}.mp4`)).pictures.map(({ counter }) => counter)).toEqual(
    COUNTERS.slice(0, ON_DISK),
  )
})
