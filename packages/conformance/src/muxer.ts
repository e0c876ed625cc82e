import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Muxer, MuxerFile, MuxerFrame, MuxerModule, MuxerTracks } from '@arclight/core/contracts'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

/** Encoded media to feed: pictures at a steady rate with a key frame at least each second, and Opus of 20 ms. */
export interface MuxerMedia {
  readonly tracks: Required<MuxerTracks>
  readonly video: readonly MuxerFrame[]
  readonly audio: readonly MuxerFrame[]
}

/** What a muxer suite is told. */
export interface MuxerSuiteOptions {
  readonly create: () => Muxer
  /** At least three seconds of both, on one clock, of the tracks that are named. */
  readonly media: () => MuxerMedia | Promise<MuxerMedia>
  /** What the muxer is, in the titles. */
  readonly name?: string
}

/** The contract of `Muxer` and of the module that it names, as vitest tests: call it in a test file. */
export function muxerSuite({ create, media: make, name = 'muxer' }: MuxerSuiteOptions): void {
  describe(`${name} keeps the muxer contract`, () => {
    let module: MuxerModule
    let media: MuxerMedia

    beforeAll(async () => {
      const muxer = create()
      await muxer.check()
      const loaded = (await import(/* @vite-ignore */ muxer.module)) as { default: MuxerModule }
      module = loaded.default
      media = await make()
    })

    /** Everything, in the order of its timestamps, up to a time after the first frame. */
    function frames(untilUs = Number.POSITIVE_INFINITY): { kind: 'video' | 'audio'; frame: MuxerFrame }[] {
      const all = [
        ...media.video.map((frame) => ({ kind: 'video' as const, frame })),
        ...media.audio.map((frame) => ({ kind: 'audio' as const, frame })),
      ].sort((one, other) => one.frame.timestamp - other.frame.timestamp)
      const start = all[0]?.frame.timestamp ?? 0
      return all.filter(({ frame }) => frame.timestamp - start < untilUs)
    }

    async function open(options: Partial<Parameters<MuxerModule['open']>[0]> = {}) {
      const folder = await mkdtemp(join(tmpdir(), 'arclight-muxer-suite-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      const path = options.file ?? join(folder, 'recording.mp4')
      const origins: number[] = []
      const file = await module.open({
        tracks: media.tracks,
        origin: (origin) => origins.push(origin),
        ...options,
        file: path,
      })
      return { file, path, origins }
    }

    test('it names itself and a module that a media host can load', () => {
      const muxer = create()
      expect(muxer.name.length).toBeGreaterThan(0)
      expect(() => new URL(muxer.module)).not.toThrow()
      expect([typeof module.open, typeof module.repair]).toEqual(['function', 'function'])
    })

    test('a whole recording grows as .part and is finished under its name, with what was in it', async () => {
      const { file, path, origins } = await open()
      for (const one of frames()) expect(feed(file, one)).toBe(true)
      await file.sync()
      expect(await exists(`${path}.part`)).toBe(true)
      const finished = await file.close()
      expect([await exists(path), await exists(`${path}.part`)]).toEqual([true, false])
      expect(finished).toMatchObject({
        bytes: (await stat(path)).size,
        videoFrames: media.video.length,
        width: media.tracks.video?.width,
        height: media.tracks.video?.height,
      })
      const length = (spanOf(media.video) + stepOf(media.video)) / 1_000
      expect(Math.abs((finished?.durationMs ?? 0) - length)).toBeLessThan(200)
      expect(origins).toEqual([frames()[0]?.frame.timestamp])
    })

    test('pictures before the first key frame are not taken', async () => {
      const { file } = await open()
      const late = media.video.slice(1)
      const key = late.findIndex(({ keyFrame }) => keyFrame)
      expect(late.map((frame) => file.video(frame))).toEqual(late.map((_, at) => at >= key))
      expect((await file.close())?.videoFrames).toBe(late.length - key)
    })

    test('stored never goes back, never past what was given, and reaches it all', async () => {
      const { file } = await open()
      const before = { video: -1, audio: -1, bytes: 0 }
      for (const [at, one] of frames().entries()) {
        feed(file, one)
        if (at % 40 !== 39) continue
        const { video = -1, audio = -1, bytes } = await file.sync()
        expect(video).toBeGreaterThanOrEqual(before.video)
        expect(audio).toBeGreaterThanOrEqual(before.audio)
        expect(bytes).toBeGreaterThanOrEqual(before.bytes)
        expect(Math.max(video, audio)).toBeLessThanOrEqual(one.frame.timestamp)
        Object.assign(before, { video, audio, bytes })
      }
      expect(before.video).toBeGreaterThan(0)
      expect(before.audio).toBeGreaterThan(0)
      await file.close()
    })

    test('a frame’s bytes may be used again after the call', async () => {
      const [own, reused] = [await open(), await open()]
      for (const { kind, frame } of frames(1_000_000)) {
        own.file[kind](frame)
        const payload = Uint8Array.from(frame.payload)
        reused.file[kind]({ ...frame, payload })
        payload.fill(0)
      }
      const [one, other] = [await own.file.close(), await reused.file.close()]
      expect(other).toEqual(one)
    })

    test('one track is enough, and the other costs the file nothing', async () => {
      const pictures = await open()
      for (const frame of media.video) pictures.file.video(frame)
      expect((await pictures.file.close())?.videoFrames).toBe(media.video.length)
      const sound = await open({ tracks: { audio: media.tracks.audio } })
      for (const frame of media.audio) sound.file.audio(frame)
      const finished = await sound.file.close()
      expect([finished?.videoFrames, finished?.width]).toEqual([0, undefined])
      expect(Math.abs((finished?.durationMs ?? 0) - spanOf(media.audio) / 1_000)).toBeLessThan(200)
    })

    test('nothing recorded is no file', async () => {
      const { file, path } = await open()
      expect(await file.close()).toBeUndefined()
      expect(await exists(path)).toBe(false)
    })

    test('what a crash left of a file that was synced is made playable, with what was stored', async () => {
      const crashed = await open()
      for (const one of frames(2_000_000)) feed(crashed.file, one)
      const stored = await crashed.file.sync()
      const copy = await leftBehind(crashed.path)
      const repaired = await module.repair(copy)
      await crashed.file.close()
      expect([await exists(copy), await exists(`${copy}.part`)]).toEqual([true, false])
      const kept = media.video.filter(({ timestamp }) => timestamp <= (stored.video ?? 0)).length
      expect(repaired?.videoFrames).toBeGreaterThanOrEqual(kept)
      expect(repaired?.videoFrames).toBeGreaterThan(0)
      expect(await module.repair(join(copy, '..', 'never-there.mp4'))).toBeUndefined()
    })

    test('a file that is resumed takes what it lacks, and nothing twice', async () => {
      const crashed = await open()
      for (const one of frames(1_500_000)) feed(crashed.file, one)
      const stored = await crashed.file.sync()
      const copy = await leftBehind(crashed.path)
      await crashed.file.close()
      const resumed = await open({ file: copy, resume: { origin: crashed.origins[0] as never } })
      for (const { kind, frame } of frames()) {
        const isStored = frame.timestamp <= (stored[kind] ?? Number.NEGATIVE_INFINITY)
        const taken = feed(resumed.file, { kind, frame })
        // Sound may be heard again, where it is encoded anew; that none is written twice shows in the length.
        if (kind === 'video') expect(taken, `a picture at ${frame.timestamp}`).toBe(!isStored)
      }
      const finished = await resumed.file.close()
      expect(finished?.videoFrames).toBe(media.video.length)
      expect(Math.abs((finished?.durationMs ?? 0) - (spanOf(media.video) + stepOf(media.video)) / 1_000)).toBeLessThan(
        200,
      )
    })
  })
}

function feed(file: MuxerFile, { kind, frame }: { kind: 'video' | 'audio'; frame: MuxerFrame }): boolean {
  return file[kind](frame)
}

/** The growing file as it is on disk at this moment, as if its host had died. */
async function leftBehind(path: string): Promise<string> {
  const copy = path.replace(/\.mp4$/, '-left.mp4')
  await copyFile(`${path}.part`, `${copy}.part`)
  return copy
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function spanOf(frames: readonly MuxerFrame[]): number {
  return (frames.at(-1)?.timestamp ?? 0) - (frames[0]?.timestamp ?? 0)
}

function stepOf(frames: readonly MuxerFrame[]): number {
  return spanOf(frames) / Math.max(1, frames.length - 1)
}
