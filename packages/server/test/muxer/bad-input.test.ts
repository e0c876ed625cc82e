import { readFile, writeFile } from 'node:fs/promises'
import { MediaError } from '@arclight/core'
import { describe, expect, test } from 'vitest'
import { decodeFile } from './decoded-file.ts'
import { feed, openFile, START, temporaryFile, VIDEO } from './recording.ts'
import { seeded } from './seeded.ts'
import { melody, merged, pictures, sounds, type TestFrame } from './test-media.ts'

const SEED = 11
const START_CODE = [0, 0, 0, 1]

function picture(timestamp: number, payload: Uint8Array | number[], keyFrame = true): TestFrame {
  return { track: 'video', payload: Uint8Array.from(payload), timestamp, keyFrame, counter: -1 }
}

/** Unsigned exponential-Golomb, as bits. */
function golomb(value: number): string {
  const bits = (value + 1).toString(2)
  return '0'.repeat(bits.length - 1) + bits
}

/** A Baseline key frame that claims a size, with a slice of nothing. */
function keyFrameOf(width: number, height: number): number[] {
  const size = golomb(width / 16 - 1) + golomb(height / 16 - 1)
  const bits = `${golomb(0)}${golomb(0)}${golomb(2)}${golomb(1)}0${size}11001`
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
  const sequence = [0x67, 66, 0xc0, 31, ...bytes.map((byte) => Number.parseInt(byte, 2))]
  return [...START_CODE, ...sequence, ...START_CODE, 0x68, 0xce, 0x3c, 0x80, ...START_CODE, 0x65, 0x88, 0x80]
}

describe('bad input', () => {
  test('is not taken before the first key frame, nor a key frame without parameter sets', async () => {
    const file = await openFile(await temporaryFile(), { tracks: { video: VIDEO } })
    const [key, ...deltas] = pictures({ frames: 5, start: START })
    expect(feed(file, deltas)).toBe(0)
    const bare = [...START_CODE, 0x65, 0x88, 0x80]
    expect(file.video(picture(START, bare))).toBe(false)
    expect(file.video(picture(START, [...START_CODE, 0x67, 66, ...bare]))).toBe(false)
    expect(key && file.video(key)).toBe(true)
    expect(feed(file, deltas)).toBe(4)
    expect(await file.close()).toMatchObject({ videoFrames: 5 })
  })

  test('is not taken where it is no access unit', async () => {
    const file = await openFile(await temporaryFile(), { tracks: { video: VIDEO } })
    for (const bytes of [[], [0], START_CODE, [1, 2, 3, 4, 5], [...START_CODE, 0x09, 0xf0]]) {
      expect(file.video(picture(START, bytes))).toBe(false)
    }
    expect(await file.close()).toBeUndefined()
  })

  test('is a MediaError where pictures are larger than 4096x2304, and the file goes on', async () => {
    const file = await openFile(await temporaryFile(), { tracks: { video: VIDEO } })
    expect(file.video(picture(START, keyFrameOf(4096, 2304)))).toBe(true)
    expect(() => file.video(picture(START + 100_000, keyFrameOf(4112, 2304)))).toThrow(MediaError)
    expect(() => file.video(picture(START + 100_000, keyFrameOf(4096, 2320)))).toThrow(MediaError)
    expect(file.video(picture(START + 200_000, keyFrameOf(320, 240)))).toBe(true)
    expect(await file.close()).toMatchObject({ videoFrames: 2, width: 4096, height: 2304 })
  })

  test('is not taken where its timestamp is senseless', async () => {
    const file = await openFile(await temporaryFile())
    const frames = merged(pictures({ frames: 10, start: START }), sounds({ duration: 1e6, start: START }))
    feed(file, frames)
    const [video, audio] = (['video', 'audio'] as const).map((kind) => frames.find(({ track }) => track === kind))
    for (const timestamp of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, -1e15]) {
      expect(video && file.video({ ...video, timestamp })).toBe(false)
      expect(audio && file.audio({ ...audio, timestamp })).toBe(false)
    }
    expect(await file.close()).toMatchObject({ durationMs: 1000, videoFrames: 10 })
  })

  test('of the clock running backwards leaves the pictures in their order', async () => {
    const path = await temporaryFile()
    const file = await openFile(path, { tracks: { video: VIDEO } })
    const frames = pictures({ frames: 20, start: START })
    for (const frame of frames) {
      file.video({ ...frame, timestamp: frame.counter === 10 ? START + 200_000 : frame.timestamp })
    }
    await file.close()
    const shown = decodeFile(path).pictures
    expect(shown.map(({ counter }) => counter)).toEqual(frames.map(({ counter }) => counter))
    for (const [index, { time }] of shown.entries()) expect(time).toBeGreaterThan(shown[index - 1]?.time ?? -1)
  })

  test('of damaged Opus becomes silence of the same length', async () => {
    const path = await temporaryFile()
    const file = await openFile(path)
    const audio = sounds({ duration: 3e6, start: START, wave: melody }).map((frame, index) =>
      index >= 50 && index < 60 ? { ...frame, payload: new Uint8Array() } : frame,
    )
    feed(file, merged(pictures({ frames: 30, start: START }), audio))
    expect(await file.close()).toMatchObject({ durationMs: 3000 })
    expect(decodeFile(path).soundBreaks).toBe(0)
  })

  test(`of any kind never ends the process (seed ${SEED})`, async () => {
    const random = seeded(SEED)
    const good = merged(pictures({ frames: 40, start: START }), sounds({ duration: 4e6, start: START, wave: melody }))
    for (let round = 0; round < 5; round++) {
      const path = await temporaryFile()
      const file = await openFile(path)
      for (const frame of good) {
        const payload = Uint8Array.from(frame.payload)
        if (random() < 0.3) payload[Math.floor(random() * payload.length)] = Math.floor(random() * 256)
        const end = random() < 0.1 ? Math.floor(random() * payload.length) : payload.length
        try {
          file[frame.track]({ ...frame, payload: payload.subarray(0, end) })
        } catch (error) {
          expect(error).toBeInstanceOf(MediaError)
        }
      }
      const finished = await file.close()
      expect(decodeFile(path).codecs.length).toBe(2)
      expect(finished?.durationMs).toBeGreaterThan(3500)
    }
  })

  test('of a caller who would overwrite a file is a MediaError, and the file is as it was', async () => {
    for (const ending of ['', '.part']) {
      const path = await temporaryFile()
      await writeFile(path + ending, 'precious')
      await expect(openFile(path)).rejects.toThrow(MediaError)
      expect(await readFile(path + ending, 'utf8')).toBe('precious')
    }
  })

  test('of a folder that is not there is a MediaError', async () => {
    await expect(openFile(await temporaryFile('nowhere/recording.mp4'))).rejects.toThrow(MediaError)
  })
})
