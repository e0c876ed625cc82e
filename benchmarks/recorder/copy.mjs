import { join } from 'node:path'
import muxer from '@arclight/server/muxer/node-av/host'

/** A recorder makes what came durable twice a second. */
const SYNC_EVERY_US = 500_000

/**
 * The pictures copied into a growing file through the server's own muxer; with the sound, which becomes AAC, where
 * `withSound`.
 * @param {readonly import('./media.mjs').MediaPacket[]} media
 * @param {{ directory: string, withSound: boolean }} options
 */
export async function copy(media, { directory, withSound }) {
  const audio = withSound ? { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 } : undefined
  const file = await muxer.open({
    file: join(directory, `copy-${process.hrtime.bigint()}.mp4`),
    tracks: { video: { kind: 'video', codec: 'h264', width: 640, height: 480 }, ...(audio ? { audio } : {}) },
    origin: () => {},
  })
  let synced = 0
  for (const { kind, ...frame } of media) {
    if (kind === 'audio' && !withSound) continue
    file[kind](frame)
    if (frame.timestamp - synced < SYNC_EVERY_US) continue
    synced = frame.timestamp
    await file.sync()
  }
  const finished = await file.close()
  return finished?.videoFrames ?? 0
}
