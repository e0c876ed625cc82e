import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileSink, fileSource } from '@arclight/client-node/audio/node-av'
import { fileRecordingSource } from '@arclight/client-node/video/node-av'
import { audioSinkSuite } from '@arclight/conformance/audio-sink'
import { audioSourceSuite } from '@arclight/conformance/audio-source'
import { recordingSourceSuite } from '@arclight/conformance/recording-source'
import { afterAll, beforeAll } from 'vitest'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const SPEECH = fixture('speech-mei.wav')
const folder = mkdtempSync(join(tmpdir(), 'arclight-adapters-'))
const short = join(folder, 'short.wav')
const missing = join(folder, 'none.wav')
let files = 0

beforeAll(() => writeFileSync(short, wav(new Float32Array(24_000).fill(0.25))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

audioSourceSuite({
  name: 'a file',
  create: () => fileSource(SPEECH),
  supports: { ending: { create: () => fileSource(short), durationMs: 500 }, missing: () => fileSource(missing) },
})

audioSinkSuite({
  name: 'a WAV file',
  create: () => {
    const path = join(folder, `heard-${files++}.wav`)
    return { sink: fileSink(path), heard: () => samplesIn(readFileSync(path)) }
  },
})

audioSinkSuite({ name: 'an Ogg file', create: () => ({ sink: fileSink(join(folder, `heard-${files++}.ogg`)) }) })

recordingSourceSuite({
  name: 'a film',
  create: () => fileRecordingSource(fixture('picture.mp4')),
  supports: { missing: () => fileRecordingSource(join(folder, 'none.mp4')) },
})

/** 16-bit mono at 48 kHz. */
function wav(samples: Float32Array): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt32LE(96_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length * 2, 40)
  return Buffer.concat([header, Buffer.from(Int16Array.from(samples, (sample) => sample * 32_767).buffer)])
}

/** What stands behind the `data` chunk's length. */
function samplesIn(file: Buffer): Float32Array {
  const data = file.subarray(file.indexOf('data') + 8)
  return Float32Array.from({ length: data.length >> 1 }, (_, at) => data.readInt16LE(at * 2) / 32_768)
}
