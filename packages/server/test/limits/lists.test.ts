import { LIMITS } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { OPUS } from '../media-frame.ts'
import { recordingServer } from '../recording/recording-server.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('[LIMIT-12] a resume has 500 cursors, 8 recordings and 16 tracks of each, and not one more', async () => {
  await using running = await RunningServer.start()
  const { token } = (await running.signIn('mei')).authenticated
  const back = await running.connect()
  const cursors = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, { epoch: 'e', seq: 0 }]))
  const recordings = (count: number, tracks: number): object[] =>
    Array.from({ length: count }, (_, at) => ({
      recording: `r${at}`,
      tracks: Array.from({ length: tracks }, (_, track) => ({ key: `${track}`, format: OPUS })),
    }))
  const paths = async (data: object): Promise<unknown> => {
    const { code, issues = [] } = await back.refusal('session.resume', { token, ...data })
    return [code, ...issues.map(({ path }) => path)]
  }
  expect(await paths({ cursors: cursors(501) })).toEqual(['bad_request', 'cursors'])
  expect(await paths({ cursors: {}, recordings: recordings(9, 1) })).toEqual(['bad_request', 'recordings'])
  expect(await paths({ cursors: {}, recordings: recordings(1, 17) })).toEqual(['bad_request', 'recordings.0.tracks'])
  const most = { token, cursors: cursors(500), recordings: recordings(8, 16) } as never
  const { channels } = await back.ask('session.resume', most)
  expect(Object.keys(channels)).toHaveLength(500)
})

test('[MSG-4] a request with thousands of mistakes gets an answer shorter than itself', async () => {
  await using running = await RunningServer.start()
  const mei = await running.connect()
  const cursors = Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`${at}`, 1]))
  const { code, issues = [] } = await mei.refusal('session.resume', { token: 'x'.repeat(20), cursors })
  expect([code, issues.length]).toEqual(['bad_request', LIMITS.issues])
  const long = await mei.refusal('session.resume', { token: 'x'.repeat(20), cursors: { ['k'.repeat(50_000)]: 1 } })
  expect(JSON.stringify(long).length).toBeLessThan(1_000)
})

test('[LIMIT-12] recording.list gives the newest 500', async () => {
  await using folder = await temporaryFolder()
  const storage = sqliteStorage({ file: folder.file('arclight.db') })
  await using running = await recordingServer(folder.path, { storage })
  const mei = await running.signIn('mei')
  const { id, name } = mei.authenticated.user
  for (let at = 0; at < 501; at++) {
    const figures = { durationMs: 0, bytes: 0, videoFrames: 0 }
    const named = { id: `r${at}`, title: `${at}`, owner: { id, name }, state: 'finished', startedAt: at } as const
    await storage.recordings.create({ ...named, ...figures })
  }
  const { recordings } = await mei.ask('recording.list', {})
  expect(recordings.map(({ startedAt }) => startedAt)).toEqual(Array.from({ length: 500 }, (_, at) => 500 - at))
})

test('[REC-1] of four recordings started at once two run', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const replies = await Promise.all([1, 2, 3, 4].map(() => mei.request('recording.start', {})))
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'data'))).toEqual([
    'data',
    'data',
    'rate_limited',
    'rate_limited',
  ])
})
