import { existsSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { complaints, decodeFile, onsets } from './decoded-file.ts'
import { AUDIO, openFile, record, START, temporaryFile, VIDEO } from './recording.ts'
import { beeps, melody, merged, pictures, sounds } from './test-media.ts'

const FLASHES = [1_000_000, 2_500_000, 4_000_000]

/** Milliseconds from each flash to its beep. */
function skews(path: string): number[] {
  const file = decodeFile(path)
  const heard = onsets(file)
  expect(heard.length).toBe(file.flashes.length)
  return file.flashes.map((time, index) => ((heard[index] ?? Number.NaN) - time) * 1000)
}

function expectSameInstant(path: string): void {
  for (const skew of skews(path)) expect(Math.abs(skew)).toBeLessThanOrEqual(5)
}

function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

describe('a file recorded from beginning to end', () => {
  test('[REC-2] holds every frame once, as H.264 with parameter sets in band and AAC', async () => {
    const frames = merged(pictures({ frames: 50, start: START }), sounds({ duration: 5e6, start: START, wave: melody }))
    const { path, origins, finished } = await record(frames)
    const file = decodeFile(path)
    expect(file.codecs).toEqual(['avc3', 'mp4a'])
    expect(file.pictures.map(({ counter }) => counter)).toEqual(range(50))
    expect(file.errors).toBe(0)
    expect(file.soundBreaks).toBe(0)
    expect(file.duration).toBeCloseTo(5, 1)
    expect(complaints(path)).toBe('')
    expect(origins).toEqual([START])
    expect(existsSync(`${path}.part`)).toBe(false)
    expect(finished).toEqual({ durationMs: 5000, bytes: statSync(path).size, videoFrames: 50, width: 320, height: 240 })
  })

  test('shows each picture as long as its timestamps say', async () => {
    const frames = pictures({ frames: 20, start: START }).map((frame) => ({
      ...frame,
      timestamp: frame.timestamp + ((frame.counter * 7919) % 40_000),
    }))
    const { path } = await record(frames, { video: VIDEO })
    const first = frames[0]?.timestamp ?? 0
    const shown = decodeFile(path).pictures.map(({ time }) => time)
    for (const [index, { timestamp }] of frames.entries()) {
      expect(Math.abs((shown[index] ?? -1) - (timestamp - first) / 1e6)).toBeLessThan(1e-5)
    }
  })

  test('[REC-2] keeps sound and picture together', async () => {
    const video = pictures({ frames: 50, start: START, flashes: FLASHES })
    const { path } = await record(merged(video, sounds({ duration: 5e6, start: START, wave: beeps(FLASHES) })))
    expectSameInstant(path)
  })

  test('keeps them together where the microphone is 300 ms late', async () => {
    const video = pictures({ frames: 50, start: START, flashes: FLASHES })
    const wave = beeps(FLASHES.map((time) => time - 300_000))
    const { path } = await record(merged(video, sounds({ duration: 4.7e6, start: START + 300_000, wave })))
    expectSameInstant(path)
  })

  test('keeps them together where the first picture is 400 ms late', async () => {
    const flashes = [1_000_000, 2_000_000]
    const video = pictures({ frames: 40, start: START + 400_000, flashes })
    const wave = beeps(flashes.map((time) => time + 400_000))
    const { path, origins } = await record(merged(video, sounds({ duration: 4.4e6, start: START, wave })))
    expect(origins).toEqual([START])
    expectSameInstant(path)
  })

  test('keeps them together after a microphone was silent for three seconds', async () => {
    const flashes = [1_000_000, 6_000_000]
    const video = pictures({ frames: 70, start: START, flashes })
    const audio = sounds({ duration: 7e6, start: START, wave: beeps(flashes) }).filter(
      ({ timestamp }) => timestamp < START + 2e6 || timestamp >= START + 5e6,
    )
    const { path } = await record(merged(video, audio))
    expectSameInstant(path)
    expect(decodeFile(path).soundBreaks).toBe(0)
  })

  test('keeps them together where the clocks are 500 ppm apart', async () => {
    const flashes = [1e6, 20e6, 39e6, 58e6]
    const video = pictures({ frames: 600, start: START, width: 160, height: 120, flashes })
    // The microphone's clock is fast: its samples count a second while the session's clock has not finished it.
    const wave = beeps(flashes.map((time) => time * 1.0005))
    const audio = sounds({ duration: 60e6, start: START, wave }).map((frame) => ({
      ...frame,
      timestamp: START + (frame.timestamp - START) / 1.0005,
    }))
    const { path } = await record(merged(video, audio))
    for (const skew of skews(path)) expect(Math.abs(skew)).toBeLessThanOrEqual(8)
  })

  test('has pictures alone where no microphone is declared', async () => {
    const { path, finished } = await record(pictures({ frames: 30, start: START }), { video: VIDEO })
    const file = decodeFile(path)
    expect(file.codecs).toEqual(['avc3'])
    expect(file.pictures.length).toBe(30)
    expect(finished?.durationMs).toBe(3000)
    expect(complaints(path)).toBe('')
  })

  test('has sound alone where no camera is declared', async () => {
    const { path, finished } = await record(sounds({ duration: 3e6, start: START, wave: melody }), { audio: AUDIO })
    const file = decodeFile(path)
    expect(file.codecs).toEqual(['mp4a'])
    expect(Math.abs(file.samples.length / 44_100 - 3)).toBeLessThan(0.03)
    expect(finished).toMatchObject({ videoFrames: 0, width: undefined, height: undefined })
    expect(Math.abs((finished?.durationMs ?? 0) - 3000)).toBeLessThan(10)
    expect(complaints(path)).toBe('')
  })

  test('has silence where a declared microphone never comes, and is stored while it grows', async () => {
    const path = await temporaryFile()
    const file = await openFile(path)
    for (const frame of pictures({ frames: 40, start: START })) file.video(frame)
    const stored = await file.sync()
    expect(stored.video).toBe(START + 3_800_000)
    const finished = await file.close()
    expect(finished).toMatchObject({ durationMs: 4000, videoFrames: 40 })
    expect(decodeFile(path).codecs).toEqual(['avc3', 'mp4a'])
    expect(complaints(path)).toBe('')
  })

  test('has sound alone where a declared camera does not come for five seconds', async () => {
    const audio = sounds({ duration: 8e6, start: START, wave: melody })
    const late = pictures({ frames: 10, start: START + 6_000_000 })
    const { path, taken } = await record(merged(audio, late))
    expect(taken).toBe(audio.length)
    const file = decodeFile(path)
    expect(file.codecs).toEqual(['mp4a'])
    expect(Math.abs(file.samples.length / 44_100 - 8)).toBeLessThan(0.03)
  })

  test('shows both sizes where the picture size changes', async () => {
    const small = pictures({ frames: 20, start: START, width: 320, height: 240 })
    const large = pictures({ frames: 20, start: START + 2e6, width: 640, height: 480, firstCounter: 20 })
    const { path } = await record([...small, ...large], { video: VIDEO })
    const file = decodeFile(path)
    expect(file.pictures.map(({ counter }) => counter)).toEqual(range(40))
    expect(new Set(file.pictures.map(({ width }) => width))).toEqual(new Set([320, 640]))
    expect(file.errors).toBe(0)
  })

  test('is not made where nothing was recorded', async () => {
    const { path, finished } = await record([])
    expect(finished).toBeUndefined()
    expect(existsSync(path)).toBe(false)
    expect(existsSync(`${path}.part`)).toBe(false)
  })
})

test('a pause of an hour is an hour of silence, made in a moment', async () => {
  const flashes = [1_000_000, 3_602_000_000]
  const before = { video: pictures({ frames: 20, start: START, flashes }), audio: 2e6 }
  const after = START + 3600e6
  const video = [...before.video, ...pictures({ frames: 30, start: after, flashes: [2_000_000], firstCounter: 20 })]
  const audio = [
    ...sounds({ duration: before.audio, start: START, wave: beeps([1_000_000]) }),
    ...sounds({ duration: 3e6, start: after, wave: beeps([2_000_000]) }),
  ]
  const { path, finished } = await record(merged(video, audio))
  expectSameInstant(path)
  expect(decodeFile(path).soundBreaks).toBe(0)
  expect(finished).toMatchObject({ durationMs: 3_603_000, videoFrames: 50 })
  expect(complaints(path)).toBe('')
  // An hour is decoded to look at it, which a busy machine takes its time for.
}, 180_000)
