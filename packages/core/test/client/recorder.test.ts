import { expect, test } from 'vitest'
import type { RecordingSummary } from '../../src/protocol/recording.ts'
import { FakeRecordingSource } from './fake-recording-source.ts'
import { answerProbe, mediaSent } from './media-frames.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import type { TestClient } from './test-client.ts'
import { MEI, SIGNED_IN } from './wire-data.ts'

const SUMMARY: RecordingSummary = {
  id: 'r1',
  title: 'stand-up',
  state: 'recording',
  owner: { id: MEI.id, name: MEI.name },
  startedAt: 1,
  durationMs: 0,
  bytes: 0,
  videoFrames: 0,
}

const QUEUE = { frames: 0, bytes: 0, capacity: 1, dropped: 0, load: 0 }

async function recordingClient() {
  const made = await signedInClient({
    answers: {
      'recording.start': () => ({ recording: SUMMARY }),
      'recording.stop': () => ({ recording: { ...SUMMARY, state: 'finished', durationMs: 400, videoFrames: 4 } }),
      'recording.link': ({ disposition }) => ({ path: `/recordings/r1?as=${disposition}`, expiresAt: 2 }),
    },
  })
  const source = new FakeRecordingSource()
  const recording = await made.client.recorder.start({ source, title: 'stand-up' })
  answerProbe(made.peer.connection)
  return { ...made, source, recording }
}

/** The server's word on how much of track 7 it has. */
function ack({ peer }: TestClient, stored: number, track = 7): void {
  const data = { track, received: stored, stored, sentAt: 0, serverAt: 3, queue: QUEUE }
  peer.connection.send({ type: 'track.ack', data })
}

const sent = ({ peer }: TestClient): [number, number, number][] =>
  mediaSent(peer.connection).map(({ track, seq, payload }) => [track, seq, payload[0] ?? -1])

test('[REC-1] a source is published to the recording and its frames are numbered from 0', async () => {
  const made = await recordingClient()
  made.source.give(3)
  const format = { kind: 'video', codec: 'h264', width: 640, height: 480 }
  expect(made.peer.asked('recording.start')).toEqual([{ title: 'stand-up' }])
  expect(made.peer.asked('track.publish')).toEqual([{ key: 'camera', format, to: { recording: 'r1' } }])
  expect(sent(made)).toEqual([
    [7, 0, 0],
    [7, 1, 1],
    [7, 2, 2],
  ])
  expect(mediaSent(made.peer.connection).map(({ kind, flags, timestamp }) => [kind, flags, timestamp])).toEqual([
    [1, 1, 0],
    [1, 0, 100_000],
    [1, 0, 200_000],
  ])
})

test('[ACK-2][REC-4] after a resume what the server lacks goes out first, under the new number', async () => {
  const made = await recordingClient()
  made.source.give(4)
  ack(made, 0)
  made.peer.answers['session.resume'] = () => ({
    ...SIGNED_IN,
    channels: {},
    recordings: { r1: { camera: { track: 9, next: 2 } } },
  })
  await reconnect(made)
  expect(made.peer.asked('session.resume')[0]?.recordings).toMatchObject([
    { recording: 'r1', tracks: [{ key: 'camera' }] },
  ])
  answerProbe(made.peer.connection)
  made.source.give(1)
  expect(sent(made)).toEqual([
    [9, 2, 2],
    [9, 3, 3],
    [9, 4, 4],
  ])
})

test('[ACK-2] pictures that come while nobody is connected are kept and sent', async () => {
  const made = await recordingClient()
  made.peer.answers['session.resume'] = () => ({
    ...SIGNED_IN,
    channels: {},
    recordings: { r1: { camera: { track: 9, next: 0 } } },
  })
  made.peer.connection.close(1006)
  await settle()
  made.source.give(2)
  made.clock.advance(500)
  await settle()
  expect(sent(made)).toEqual([
    [9, 0, 0],
    [9, 1, 1],
  ])
})

test('[GATE-1] at a shut gate frames of a recording wait, none is dropped, and stop waits for them', async () => {
  const made = await recordingClient()
  made.clock.advance(50)
  made.source.give(1)
  made.clock.advance(200)
  made.source.give(3)
  const stopped = outcomeOf(made.recording.stop())
  await settle()
  expect(sent(made).map(([, seq]) => seq)).toEqual([0])
  expect(made.peer.asked('recording.stop')).toEqual([])
  answerProbe(made.peer.connection)
  await settle()
  expect(sent(made).map(([, seq]) => seq)).toEqual([0, 1, 2, 3])
  expect(made.peer.asked('recording.stop')).toEqual([{ recording: 'r1' }])
  expect(stopped.status).toBe('fulfilled')
})

test('[REC-2] stop releases the source and gives the file, which makes links', async () => {
  const made = await recordingClient()
  made.source.give(4)
  const file = await made.recording.stop()
  expect(made.source.stopped).toBe(1)
  expect(file.summary).toMatchObject({ state: 'finished', videoFrames: 4 })
  expect(await file.link()).toBe('https://talk.example.org/recordings/r1?as=inline')
  expect(await file.link({ download: true })).toBe('https://talk.example.org/recordings/r1?as=attachment')
  expect(made.client.recorder.recordings).toEqual([])
})

test('a stop while the connection is away waits for it and for everything that was kept', async () => {
  const made = await recordingClient()
  made.peer.answers['session.resume'] = () => ({
    ...SIGNED_IN,
    channels: {},
    recordings: { r1: { camera: { track: 9, next: 0 } } },
  })
  made.peer.connection.close(1006)
  await settle()
  made.source.give(2)
  const stopped = made.recording.stop()
  made.clock.advance(500)
  await stopped
  expect(made.peer.types).toEqual(['session.resume', 'recording.stop'])
  expect(sent(made).map(([, seq]) => seq)).toEqual([0, 1])
})

test('[REC-4] a recording that is gone at the resume fails and releases its source', async () => {
  const made = await recordingClient()
  const failures: Error[] = []
  made.recording.on('failed', (error) => failures.push(error))
  made.peer.answers['session.resume'] = () => ({ ...SIGNED_IN, channels: {}, recordings: { r1: 'gone' } })
  await reconnect(made)
  expect(failures).toMatchObject([{ name: 'MediaError', reason: 'failed' }])
  expect([made.source.stopped, made.recording.ended]).toEqual([1, true])
})

test('[REC-5] progress and failure are told', async () => {
  const made = await recordingClient()
  const told: unknown[] = []
  made.recording.on('progress', (progress) => told.push(progress))
  made.recording.on('failed', ({ message }) => told.push(message))
  made.peer.connection.send({ type: 'recording.progress', data: { recording: 'r1', durationMs: 500, bytes: 9 } })
  made.peer.connection.send({ type: 'recording.failed', data: { recording: 'r1', message: 'the disk is full' } })
  expect(told).toEqual([{ durationMs: 500, bytes: 9 }, 'the disk is full'])
})

test('[ACK-1] stats tell what is stored; an ack of another track changes nothing', async () => {
  const made = await recordingClient()
  made.source.give(4)
  ack(made, 2, 8)
  expect(made.recording.stats).toEqual({ camera: { frames: 4, stored: 0, gaps: [] } })
  ack(made, 2)
  expect(made.recording.stats).toEqual({ camera: { frames: 4, stored: 3, gaps: [] } })
})

test('a source whose recording is refused is released', async () => {
  const { client } = await signedInClient({
    answers: { 'recording.start': () => new Refusal('unavailable', { retryable: true }) },
  })
  const source = new FakeRecordingSource()
  await expect(client.recorder.start({ source })).rejects.toMatchObject({ code: 'unavailable' })
  expect(source.stopped).toBe(1)
})

test('a recording whose track is refused is ended on the server and not declared again', async () => {
  const made = await signedInClient({
    answers: {
      'recording.start': () => ({ recording: SUMMARY }),
      'recording.stop': () => ({ recording: { ...SUMMARY, state: 'failed' } }),
      'track.publish': () => new Refusal('forbidden', { retryable: false }),
    },
  })
  const source = new FakeRecordingSource()
  await expect(made.client.recorder.start({ source })).rejects.toMatchObject({ code: 'forbidden' })
  expect(made.peer.asked('recording.stop')).toEqual([{ recording: 'r1' }])
  expect([made.client.recorder.recordings, source.stopped]).toEqual([[], 1])
  await reconnect(made)
  expect(made.peer.asked('session.resume')[0]?.recordings).toBeUndefined()
})

test('no timer is left when a client closes in mid-recording', async () => {
  const made = await recordingClient()
  await made.client.close()
  expect([made.clock.waiting, made.source.stopped]).toEqual([0, 1])
})
