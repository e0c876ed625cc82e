import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MuxerFile, MuxerModule, MuxerTracks } from '@arclight/core/contracts'
import { onTestFinished } from 'vitest'
import muxer from '../../src/adapters/muxer/node-av/host.ts'
import type { TestFrame } from './test-media.ts'

/** What a browser declares; the picture's size is told by its parameter sets, not by this. */
export const VIDEO: MuxerTracks['video'] = { kind: 'video', codec: 'h264', width: 320, height: 240 }
export const AUDIO: MuxerTracks['audio'] = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }
export const BOTH: MuxerTracks = { video: VIDEO, audio: AUDIO }

/** Session clocks do not begin at a recording. */
export const START = 5_000_000_000

/** A path in a folder that goes with the test. */
export async function temporaryFile(name = 'recording.mp4'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'arclight-muxer-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, name)
}

export type OpenOptions = Parameters<MuxerModule['open']>[0]

export function openFile(file: string, options: Partial<OpenOptions> = {}): Promise<MuxerFile> {
  return muxer.open({ file, tracks: BOTH, origin: () => {}, ...options })
}

/** Returns how many were taken. */
export function feed(file: MuxerFile, frames: readonly TestFrame[]): number {
  let taken = 0
  for (const frame of frames) if (file[frame.track](frame)) taken++
  return taken
}

/** Records frames from beginning to end. */
export async function record(frames: readonly TestFrame[], tracks: MuxerTracks = BOTH) {
  const path = await temporaryFile()
  const origins: number[] = []
  const file = await openFile(path, { tracks, origin: (origin) => origins.push(origin) })
  const taken = feed(file, frames)
  const finished = await file.close()
  return { path, origins, taken, finished }
}
