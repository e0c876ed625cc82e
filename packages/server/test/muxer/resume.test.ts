import { existsSync } from 'node:fs'
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Crashed, crashAfter, notStored, resume } from './crash.ts'
import { complaints, correlation, type DecodedFile, decodeFile } from './decoded-file.ts'
import { feed, openFile, record, START, temporaryFile } from './recording.ts'
import { seeded } from './seeded.ts'
import { melody, merged, pictures, sounds, type TestFrame } from './test-media.ts'

const RATE = 44_100
const SEED = 20_261_121
/** Sound is compared in stretches of 50 ms. */
const STRETCH = RATE / 20

let frames: TestFrame[]
let whole: DecodedFile

beforeAll(() => {
  const video = pictures({ frames: 100, start: START })
  frames = merged(video, sounds({ duration: 10e6, start: START, wave: melody }))
})

/** The least correlation of any stretch with that of the uninterrupted file. */
function worstStretch(joined: DecodedFile, uninterrupted: DecodedFile): number {
  let worst = 1
  const end = Math.min(joined.samples.length, uninterrupted.samples.length) - STRETCH
  for (let at = STRETCH; at < end; at += STRETCH / 5) {
    const [one, other] = [joined, uninterrupted].map(({ samples }) => samples.subarray(at, at + STRETCH))
    if (one && other) worst = Math.min(worst, correlation(one, other))
  }
  return worst
}

async function expectWhole(path: string): Promise<void> {
  whole ??= decodeFile((await record(frames)).path)
  const joined = decodeFile(path)
  expect(joined.pictures.map(({ counter }) => counter)).toEqual(Array.from({ length: 100 }, (_, index) => index))
  for (const { time, counter } of joined.pictures) expect(Math.abs(time - counter / 10)).toBeLessThan(1e-4)
  expect(joined.errors).toBe(0)
  expect(joined.soundBreaks).toBe(0)
  expect(joined.soundStart).toBe(whole.soundStart)
  expect(Math.abs(joined.samples.length - whole.samples.length)).toBeLessThan(RATE / 100)
  expect(worstStretch(joined, whole)).toBeGreaterThan(0.98)
  expect(complaints(path)).toBe('')
}

describe('a recording resumed after its host was killed', () => {
  const random = seeded(SEED)
  const moments = Array.from({ length: 12 }, () => ({ at: 0.1 + 0.85 * random(), cut: random() }))

  for (const [index, { at, cut }] of moments.entries()) {
    const isTorn = index % 2 === 1
    const name = `${Math.round(at * 10_000)} ms in${isTorn ? ', its last write torn' : ''} (seed ${SEED})`
    test(`is whole: each picture once, the sound without a seam: ${name}`, async () => {
      const crashed = await crashAfter(frames.slice(0, Math.floor(frames.length * at)), isTorn ? cut : 1)
      const finished = await resume(crashed, frames)
      await expectWhole(crashed.path)
      expect(finished).toMatchObject({ durationMs: 10_000, videoFrames: 100, width: 320, height: 240 })
      expect(existsSync(`${crashed.path}.part`)).toBe(false)
      expect(existsSync(`${crashed.path}.crashed`)).toBe(false)
    })
  }

  test('is whole after three crashes in a row', async () => {
    let crashed = await crashAfter(frames.slice(0, 200))
    for (const until of [320, 410]) {
      const file = await openFile(crashed.path, { resume: { origin: crashed.origin } })
      feed(file, notStored(frames.slice(0, until - 20), crashed.stored))
      const stored = await file.sync()
      feed(file, notStored(frames.slice(until - 20, until), stored))
      const path = await temporaryFile()
      await copyFile(`${crashed.path}.part`, `${path}.part`)
      await file.close()
      crashed = { path, origin: crashed.origin, stored }
    }
    await resume(crashed, frames)
    await expectWhole(crashed.path)
  })

  test('is whole where the host that resumed it was killed while it copied', async () => {
    const crashed = await crashAfter(frames.slice(0, 300))
    const part = await readFile(`${crashed.path}.part`)
    await rename(`${crashed.path}.part`, `${crashed.path}.crashed`)
    await writeFile(`${crashed.path}.part`, part.subarray(0, part.length / 2))
    await resume(crashed, frames)
    await expectWhole(crashed.path)
  })

  test('is whole where all of it is fed again', async () => {
    const crashed = await crashAfter(frames.slice(0, 300))
    await resume({ ...crashed, stored: { video: undefined, audio: undefined, bytes: 0 } }, frames)
    await expectWhole(crashed.path)
  })

  test('begins anew at the origin that was told where nothing of the file can be played', async () => {
    const path = await temporaryFile()
    await writeFile(`${path}.part`, 'not yet a file')
    const origins: number[] = []
    const file = await openFile(path, { resume: { origin: START }, origin: (origin) => origins.push(origin) })
    feed(file, frames)
    await file.close()
    expect(origins).toEqual([START])
    await expectWhole(path)
  })

  test('begins anew where the origin was never told, since then all frames are fed again', async () => {
    const crashed = await crashAfter(frames.slice(0, 300))
    const unknown: Crashed = { ...crashed, origin: undefined, stored: { video: undefined, audio: undefined, bytes: 0 } }
    await resume(unknown, frames)
    await expectWhole(crashed.path)
  })

  test('is as it was where it had been finished and nobody was told', async () => {
    const { path, finished } = await record(frames)
    const again = await resume(
      { path, origin: START, stored: { video: undefined, audio: undefined, bytes: 0 } },
      frames,
    )
    expect(again).toMatchObject({ videoFrames: finished?.videoFrames })
    await expectWhole(path)
  })

  test('is playable and has its length where nothing follows', async () => {
    const crashed = await crashAfter(frames.slice(0, 300))
    const file = await openFile(crashed.path, { resume: { origin: crashed.origin } })
    const finished = await file.close()
    const decoded = decodeFile(crashed.path)
    expect(decoded.errors).toBe(0)
    expect(decoded.pictures.length).toBe(finished?.videoFrames)
    expect(complaints(crashed.path)).toBe('')
  })
})

describe('what a file tells to be stored', () => {
  test('is nothing before each track has something, and never more than was fed', async () => {
    const file = await openFile(await temporaryFile())
    expect(await file.sync()).toEqual({ video: undefined, audio: undefined, bytes: 0 })
    feed(file, frames.filter(({ track }) => track === 'video').slice(0, 5))
    expect(await file.sync()).toMatchObject({ video: undefined, audio: undefined })
    await file.close()
  })

  test('leaves out the picture that is held back, and 100 ms of sound', async () => {
    const file = await openFile(await temporaryFile())
    feed(file, frames.slice(0, 240))
    const stored = await file.sync()
    const [video, audio] = (['video', 'audio'] as const).map((kind) =>
      frames.slice(0, 240).filter(({ track }) => track === kind),
    )
    expect(stored.video).toBe(video?.at(-2)?.timestamp)
    const behind = (audio?.at(-1)?.timestamp ?? 0) - (stored.audio ?? 0)
    expect(behind).toBeGreaterThanOrEqual(100_000)
    expect(behind).toBeLessThan(250_000)
    await file.close()
  })
})
