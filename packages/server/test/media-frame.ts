import { HEADER_BYTES, type MediaHeader, MediaKind, NO_LEVEL, writeHeader } from '@arclight/core/codec'
import type { AudioFormat } from '@arclight/core/protocol'

/** What every track of the tests is. */
export const OPUS: AudioFormat = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }

/** A media frame; `payload` says how many bytes follow the header, or which. */
export function mediaFrame(
  header: Partial<MediaHeader> & { track: number },
  payload: number | Uint8Array = 4,
): Uint8Array {
  const content = typeof payload === 'number' ? new Uint8Array(payload).fill(0xa5) : payload
  const frame = new Uint8Array(HEADER_BYTES + content.length)
  frame.set(content, HEADER_BYTES)
  writeHeader(frame, { kind: MediaKind.audio, flags: 0, seq: 0, level: NO_LEVEL, timestamp: 0, ...header })
  return frame
}
