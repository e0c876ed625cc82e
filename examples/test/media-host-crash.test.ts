import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@arclight/client-node'
import { fileRecordingSource } from '@arclight/client-node/video/node-av'
import { createServer } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { nodeAvMuxer } from '@arclight/server/muxer/node-av'
import { afterAll, expect, test } from 'vitest'
import { inspect } from '../demo/counter.ts'

const PICTURE = fileURLToPath(new URL('../fixtures/picture.mp4', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'arclight-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('[ACK-4] SIGKILL of the media host in mid-recording, three times, costs no frame', async () => {
  const server = createServer({ blobs: fsBlobs({ directory }), muxer: nodeAvMuxer() })
  await server.open()
  const http = createHttpServer()
  server.attach(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const client = createClient({ url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/arclight` })
  try {
    await client.register({ name: 'mei', password: 'a password of mei' })
    const recording = await client.recorder.start({ source: fileRecordingSource(PICTURE) })
    const killed = new Set<number>()
    let next = 1_500
    recording.on('progress', ({ durationMs }) => {
      const [pid] = server.stats.mediaHosts
      if (pid === undefined || killed.size >= 3 || durationMs < next) return
      killed.add(pid)
      next = durationMs + 2_000
      process.kill(pid, 'SIGKILL')
    })
    await new Promise<void>((resolve, reject) => {
      recording.on('source-ended', ({ error }) => (error ? reject(error) : resolve()))
      recording.on('failed', reject)
    })
    const file = await recording.stop()
    expect(killed.size).toBe(3)
    const { counters, video, audio, duration } = inspect(join(directory, 'videos', `${file.id}.mp4`))
    expect(counters).toEqual(Array.from({ length: 100 }, (_, index) => index))
    expect({ video, audio }).toEqual({ video: 'h264', audio: 'aac' })
    expect(Math.abs(duration - 10)).toBeLessThanOrEqual(0.2)
    expect(file.summary.videoFrames).toBe(100)
  } finally {
    await client.close()
    await server.close()
    http.close()
  }
}, 60_000)
