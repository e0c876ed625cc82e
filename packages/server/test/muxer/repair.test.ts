import { existsSync, statSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import muxer from '../../src/adapters/muxer/node-av/host.ts'
import { complaints, decodeFile } from './decoded-file.ts'
import { feed, openFile, record, START, temporaryFile } from './recording.ts'
import { seeded } from './seeded.ts'
import { melody, merged, pictures, sounds, type TestFrame } from './test-media.ts'

const SEED = 7
let frames: TestFrame[]
/** A file before its trailer was written, and after. */
let growing: Buffer
let finished: Buffer

beforeAll(async () => {
  const video = pictures({ frames: 60, start: START })
  frames = merged(video, sounds({ duration: 5.7e6, start: START + 300_000, wave: melody }))
  const folder = await mkdtemp(join(tmpdir(), 'arclight-muxer-'))
  const path = join(folder, 'recording.mp4')
  const file = await openFile(path)
  feed(file, frames)
  await file.sync()
  growing = await readFile(`${path}.part`)
  await file.close()
  finished = await readFile(path)
  await rm(folder, { recursive: true })
})

/** Repairs a part of these bytes; the pictures must be the first ones, without a hole. */
async function repaired(bytes: Uint8Array): Promise<number> {
  const path = await temporaryFile()
  await writeFile(`${path}.part`, bytes)
  const figures = await muxer.repair(path)
  if (!figures) return 0
  const file = decodeFile(path)
  expect(file.pictures.map(({ counter }) => counter)).toEqual(file.pictures.map((_, index) => index))
  expect(file.errors).toBe(0)
  expect(file.soundBreaks).toBe(0)
  expect(complaints(path)).toBe('')
  expect(figures).toMatchObject({ videoFrames: file.pictures.length, bytes: statSync(path).size, width: 320 })
  expect(Math.abs(figures.durationMs / 1000 - file.duration)).toBeLessThan(0.03)
  expect(existsSync(`${path}.part`)).toBe(false)
  return figures.videoFrames
}

describe('what a killed host leaves, repaired', () => {
  test(`is playable wherever the file ends (seed ${SEED})`, async () => {
    const random = seeded(SEED)
    let most = 0
    for (let round = 0; round < 40; round++) {
      const length = Math.floor(random() * growing.length)
      const count = await repaired(growing.subarray(0, length))
      // A longer file never has less.
      if (length > growing.length * 0.9) expect(count).toBeGreaterThanOrEqual(40)
      most = Math.max(most, count)
    }
    expect(most).toBeGreaterThanOrEqual(50)
  })

  test('has all that was synced', async () => {
    expect(await repaired(growing)).toBe(59)
  })

  test('ends before a fragment whose samples are not as long as its index says', async () => {
    const last = growing.lastIndexOf('mdat') - 4
    const longer = Buffer.concat([growing, Buffer.alloc(4)])
    longer.writeUInt32BE(growing.readUInt32BE(last) + 4, last)
    const count = await repaired(longer)
    expect(count).toBeLessThan(59)
    expect(count).toBeGreaterThan(40)
  })

  test(`has everything wherever the host died in writing the trailer (seed ${SEED})`, async () => {
    const random = seeded(SEED)
    const trailer = finished.lastIndexOf('moov') - 4
    const lengths = [
      trailer,
      finished.length,
      ...Array.from({ length: 10 }, () => trailer + Math.floor(random() * (finished.length - trailer))),
    ]
    for (const length of lengths) expect(await repaired(finished.subarray(0, length))).toBe(60)
    const oldHeader = Buffer.concat([growing.subarray(0, 100), finished.subarray(100)])
    expect(await repaired(oldHeader)).toBe(60)
    expect(await repaired(Buffer.from(finished).fill(0, trailer))).toBe(60)
  })

  test('may be repaired again, and then is only described', async () => {
    const path = await temporaryFile()
    await writeFile(`${path}.part`, growing)
    const first = await muxer.repair(path)
    const again = await muxer.repair(path)
    expect(again).toMatchObject({ videoFrames: 59, durationMs: first?.durationMs })
  })

  test('is what was set aside where the host died while it resumed', async () => {
    const path = await temporaryFile()
    await writeFile(`${path}.crashed`, growing)
    await writeFile(`${path}.part`, growing.subarray(0, growing.length / 2))
    expect(await muxer.repair(path)).toMatchObject({ videoFrames: 59 })
    expect(existsSync(`${path}.crashed`)).toBe(false)
    expect(existsSync(`${path}.part`)).toBe(false)
  })

  test('is nothing, and stays, where nothing can be played', async () => {
    const path = await temporaryFile()
    expect(await muxer.repair(path)).toBeUndefined()
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('not a file'),
      Buffer.alloc(5000, 0xff),
      growing.subarray(0, 300),
    ]) {
      await writeFile(`${path}.part`, bytes)
      expect(await muxer.repair(path)).toBeUndefined()
      expect(existsSync(`${path}.part`)).toBe(true)
    }
  })

  test('is described as it is where it was whole', async () => {
    const { path, finished: figures } = await record(frames)
    await copyFile(path, `${path}.keep`)
    await rename(`${path}.keep`, `${path}.part`)
    expect(await muxer.repair(path)).toMatchObject({
      videoFrames: figures?.videoFrames,
      durationMs: figures?.durationMs,
    })
  })
})
