import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@arclight/client-node'
import { fileRecordingSource } from '@arclight/client-node/video/node-av'
import { afterAll, expect, test } from 'vitest'
import { inspect } from '../demo/counter.ts'
import { ServerProcess } from './server-process.ts'

const PICTURE = fileURLToPath(new URL('../fixtures/picture.mp4', import.meta.url))
const KILL_AT_MS = 3_000
const FRAME_RATE = 10
const directory = mkdtempSync(join(tmpdir(), 'arclight-server-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('[REC-6] SIGKILL of the server in mid-recording: after a restart everything stored can be played', async () => {
  const server = new ServerProcess(directory)
  await server.start()
  const client = createClient({ url: `${server.url.replace('http', 'ws')}/arclight` })
  try {
    await client.register({ name: 'mei', password: 'a password of mei', claim: await server.claim() })
    const recording = await client.recorder.start({ source: fileRecordingSource(PICTURE) })
    const failed = new Promise((resolve) => recording.on('failed', resolve))
    await new Promise<void>((resolve) => {
      recording.on('progress', ({ durationMs }) => durationMs >= KILL_AT_MS && resolve())
    })
    await server.stop('SIGKILL')
    const { frames = 0, stored = 0 } = recording.stats.camera ?? {}
    await server.start()
    await failed
    const [file] = await client.recorder.list()
    expect(file?.summary.state).toBe('recovered')
    const { counters, video, audio } = inspect(join(directory, 'videos', `${file?.id}.mp4`))
    expect({ video, audio }).toEqual({ video: 'h264', audio: 'aac' })
    expect(counters).toEqual(counters.map((_, index) => index))
    console.info(`${frames} pictures taken, ${stored} known as stored, ${counters.length} recovered`)
    expect(counters.length).toBeGreaterThanOrEqual(stored)
    expect(frames - counters.length).toBeLessThanOrEqual(FRAME_RATE)
    expect(file?.summary.videoFrames).toBe(counters.length)
  } finally {
    await client.close()
    await server.stop()
  }
}, 60_000)
