import { writeFile } from 'node:fs/promises'
import type { Client } from '@arclight/client-node'
import type { RecordingSource } from '@arclight/core/contracts'
import type { Verdict } from './checks.ts'
import { inspect } from './counter.ts'

const SECONDS = 10
const TOLERANCE = 0.2
const PICTURES = 100

/** One client records a moving picture with sound: playable, as long as it was, and every picture in it. */
export async function proveRecording(client: Client, source: RecordingSource, path: string): Promise<Verdict> {
  const recording = await client.recorder.start({ source, title: 'the demo' })
  await new Promise<void>((resolve, reject) => {
    recording.on('source-ended', ({ error }) => (error ? reject(error) : resolve()))
    recording.on('failed', reject)
  })
  const file = await recording.stop()
  const response = await fetch(await file.link({ download: true }))
  await writeFile(path, new Uint8Array(await response.arrayBuffer()))
  return async () => {
    const { video, audio, duration, counters } = inspect(path)
    const rising = counters.length === PICTURES && counters.every((counter, index) => counter === index)
    return [
      {
        what: 'the recording is H.264 with AAC',
        seen: `${video} with ${audio}`,
        holds: video === 'h264' && audio === 'aac',
      },
      {
        what: `it lasts ${SECONDS} s`,
        seen: `${duration.toFixed(3)} s`,
        holds: Math.abs(duration - SECONDS) <= TOLERANCE,
      },
      {
        what: 'the counter rises through every picture',
        seen: `${counters.length} of ${PICTURES}, ${summary(counters)}`,
        holds: rising,
      },
    ]
  }
}

function summary(counters: readonly number[]): string {
  const missing = Array.from({ length: PICTURES }, (_, index) => index).filter((index) => !counters.includes(index))
  return missing.length === 0 ? 'none missing' : `missing ${missing.slice(0, 5).join(', ')}`
}
