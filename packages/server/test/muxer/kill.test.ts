import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { StoredUpTo } from '@arclight/core/contracts'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Crashed, resume } from './crash.ts'
import { complaints, decodeFile } from './decoded-file.ts'
import { START, temporaryFile } from './recording.ts'
import { seeded } from './seeded.ts'
import { melody, merged, pictures, sounds, type TestFrame } from './test-media.ts'

const SEED = 3
const BATCH = 12
const HOST = fileURLToPath(new URL('./recording-host.mjs', import.meta.url))
const isBuilt = existsSync(fileURLToPath(import.meta.resolve('@arclight/server/muxer/node-av/host')))

let frames: TestFrame[]

beforeAll(() => {
  frames = merged(pictures({ frames: 80, start: START }), sounds({ duration: 8e6, start: START, wave: melody }))
})

interface Message {
  readonly isReady?: true
  readonly origin?: number
  readonly stored?: StoredUpTo
}

function send(child: ChildProcess): void {
  // A killed child's pipe refuses the rest.
  for (let from = 0; from < frames.length; from += BATCH) child.send(frames.slice(from, from + BATCH), () => {})
}

/** Records in a process of its own, and kills it after so many answers, while more frames are on their way. */
function killAfter(answers: number, path: string): Promise<Crashed> {
  const child = fork(HOST, [path], { serialization: 'advanced' })
  let [heard, origin]: [number, number | undefined] = [0, undefined]
  let stored: StoredUpTo = { video: undefined, audio: undefined, bytes: 0 }
  child.on('message', (message: Message) => {
    if (message.isReady) send(child)
    if (message.origin !== undefined) origin = message.origin
    if (!message.stored) return
    stored = message.stored
    if (++heard === answers) child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ path, origin, stored })
      else reject(new Error(`expected the host to be killed, it ended with ${code ?? signal}`))
    })
  })
}

describe.skipIf(!isBuilt)(`a host killed with SIGKILL${isBuilt ? '' : ' (skipped: the package is not built)'}`, () => {
  const random = seeded(SEED)
  for (const answers of Array.from({ length: 8 }, () => 1 + Math.floor(random() * 35))) {
    test(`after ${answers} syncs loses nothing: each picture is there once (seed ${SEED})`, async () => {
      const crashed = await killAfter(answers, await temporaryFile())
      const finished = await resume(crashed, frames)
      const file = decodeFile(crashed.path)
      expect(file.pictures.map(({ counter }) => counter)).toEqual(Array.from({ length: 80 }, (_, index) => index))
      expect(file.errors).toBe(0)
      expect(file.soundBreaks).toBe(0)
      expect(finished).toMatchObject({ durationMs: 8000, videoFrames: 80 })
      expect(complaints(crashed.path)).toBe('')
    })
  }
})
