import { HEADER_BYTES, MediaFlag, type MediaHeader, MediaKind, NO_LEVEL, writeHeader } from '@arclight/core/codec'
import type { AudioFormat, VideoFormat } from '@arclight/core/protocol'
import { H264_PICTURE, OPUS_SILENCE } from './h264-picture.ts'

/** What every sound of the kit is. */
export const OPUS: AudioFormat = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }
/** What every picture of the kit is. */
export const H264: VideoFormat = { kind: 'video', codec: 'h264', width: 320, height: 240 }

/** Microseconds between two pictures, and between two sounds. */
export const PICTURE_STEP = 100_000
const SOUND_STEP = 20_000
const NOISE_BYTES = 120

/** A media frame; `payload` says how many bytes follow the header, or which. */
export function mediaFrame(
  header: Partial<MediaHeader> & { readonly track: number },
  payload: number | Uint8Array = OPUS_SILENCE,
): Uint8Array {
  const content = typeof payload === 'number' ? new Uint8Array(payload).fill(0xa5) : payload
  const frame = new Uint8Array(HEADER_BYTES + content.length)
  frame.set(content, HEADER_BYTES)
  writeHeader(frame, { kind: MediaKind.audio, flags: 0, seq: 0, level: NO_LEVEL, timestamp: 0, ...header })
  return frame
}

/** The `seq`th sound of a track, 20 ms each. */
export function sound(track: number, seq: number): Uint8Array {
  return mediaFrame({ track, seq, timestamp: seq * SOUND_STEP, level: 40 })
}

/**
 * As `sound`, and loud: any bytes are noise behind the table of contents of a CELT frame (RFC 6716), which no encoder makes
 * small again.
 */
export function noise(track: number, seq: number): Uint8Array {
  const payload = Uint8Array.from({ length: NOISE_BYTES }, (_, at) =>
    at === 0 ? 0xf8 : (seq * 131 + at * at * 89) & 0xff,
  )
  return mediaFrame({ track, seq, timestamp: seq * SOUND_STEP, level: 10 }, payload)
}

/** The `seq`th picture of a track, a key frame every one, ten a second. */
export function picture(track: number, seq: number): Uint8Array {
  const header = { kind: MediaKind.video, flags: MediaFlag.keyFrame, track, seq, timestamp: seq * PICTURE_STEP }
  return mediaFrame(header, H264_PICTURE)
}
