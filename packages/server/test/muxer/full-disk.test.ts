import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MediaError } from '@arclight/core'
import { afterAll, describe, expect, test } from 'vitest'
import muxer from '../../src/adapters/muxer/node-av/host.ts'
import { decodeFile } from './decoded-file.ts'
import { openFile, START, temporaryFile } from './recording.ts'
import { melody, merged, pictures, sounds } from './test-media.ts'

/** A disk of 256 KiB in `folder`; false where this user may not mount. */
function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0
}

const folder = await mkdtemp(join(tmpdir(), 'arclight-full-'))
const isMounted = mount(folder)

afterAll(async () => {
  if (isMounted) spawnSync('umount', [folder])
  await rm(folder, { recursive: true, force: true })
})

describe.skipIf(!isMounted)(`a full disk${isMounted ? '' : ' (skipped: this user may not mount a tmpfs)'}`, () => {
  test('is a MediaError from then on, and what came before can be repaired', async () => {
    const path = join(folder, 'recording.mp4')
    const file = await openFile(path)
    const frames = merged(
      pictures({ frames: 300, start: START, width: 640, height: 480 }),
      sounds({ duration: 30e6, start: START, wave: melody }),
    )
    let failure: unknown
    let fed = 0
    for (const frame of frames) {
      try {
        file[frame.track](frame)
        fed++
      } catch (error) {
        failure = error
        break
      }
    }
    expect(failure).toBeInstanceOf(MediaError)
    expect(String(failure)).toMatch(/no space/i)
    expect(fed).toBeGreaterThan(100)
    const next = frames[fed + 1]
    expect(() => next && file[next.track](next)).toThrow(/no space/i)
    await expect(file.sync()).rejects.toThrow(/no space/i)
    await expect(file.close()).rejects.toThrow(/no space/i)
    expect(existsSync(path)).toBe(false)
    const roomy = await temporaryFile()
    await copyFile(`${path}.part`, `${roomy}.part`)
    const repaired = await muxer.repair(roomy)
    const { errors, pictures: shown } = decodeFile(roomy)
    expect(errors).toBe(0)
    expect(shown.length).toBe(repaired?.videoFrames)
    expect(shown.map(({ counter }) => counter)).toEqual(shown.map((_, index) => index))
    expect(shown.length).toBeGreaterThan(5)
    await rm(`${path}.part`)
  })

  test('leaves no file that looks finished where the trailer does not fit', async () => {
    const path = join(folder, 'trailer.mp4')
    const file = await openFile(path, { tracks: { video: { kind: 'video', codec: 'h264', width: 320, height: 240 } } })
    // The index of so many pictures is longer than what is free in the last block of the file.
    for (const frame of pictures({ frames: 600, start: START, width: 160, height: 120 })) file.video(frame)
    await file.sync()
    await writeFile(join(folder, 'fill'), Buffer.alloc(1_048_576)).catch(() => {})
    await expect(file.close()).rejects.toThrow(MediaError)
    expect(existsSync(path)).toBe(false)
    // A repair needs as much room again; without it nothing is lost either.
    await expect(muxer.repair(path)).rejects.toThrow(/no space/i)
    expect(existsSync(path)).toBe(false)
    const roomy = await temporaryFile()
    await copyFile(`${path}.part`, `${roomy}.part`)
    const repaired = await muxer.repair(roomy)
    expect(repaired?.videoFrames).toBeGreaterThanOrEqual(599)
    expect(decodeFile(roomy).errors).toBe(0)
    await rm(join(folder, 'fill'))
  })
})
