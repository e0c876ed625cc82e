import type { Microseconds } from '@arclight/core'
import { AudioTrack } from './audio-track.ts'
import { remove } from './disk.ts'
import { findLeftover, partOf, setAside } from './leftover.ts'
import { copyMp4 } from './mp4-copy.ts'
import { Mp4Output } from './mp4-output.ts'
import type { Tracks } from './tracks.ts'
import { VideoTrack } from './video-track.ts'

/**
 * Continues the file of a crashed host: its packets are copied into a new `.part`, where more can follow. The old one
 * goes when all of it is durable in the new one; a crash in between loses nothing. Undefined where nothing can be
 * continued: nothing of it plays, or nobody was told where it begins, and so nobody was told that any of it is stored.
 */
export async function resumeMp4(
  file: string,
  origin: Microseconds | undefined,
): Promise<{ output: Mp4Output; tracks: Tracks } | undefined> {
  if (origin === undefined) {
    const leftover = await findLeftover(file)
    if (leftover) await remove(leftover)
    return undefined
  }
  const crashed = await setAside(file)
  if (!crashed) return undefined
  const output = await Mp4Output.create(partOf(file), { growing: true })
  try {
    const copied = await copyMp4(crashed, output)
    output.endFragment()
    await output.sync()
    await remove(crashed)
    const video = copied.video && new VideoTrack(output, origin, copied.video)
    const audio = copied.audio && AudioTrack.resume(output, origin, copied.audio)
    return { output, tracks: { origin, video, audio } }
  } catch (error) {
    await output.free()
    throw error
  }
}
