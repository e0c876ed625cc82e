import { MediaError } from '@arclight/core'
import { FFmpegError } from 'node-av/lib'

/** Throws MediaError `failed` for a negative FFmpeg result; `what` says what was tried. */
export function check(result: number, what: string): number {
  if (result >= 0) return result
  const reason = new FFmpegError(result)
  throw new MediaError('failed', `could not ${what}: ${reason.message}`, reason)
}

/** The samples' bytes, not copied. */
export function bytesOf(samples: Float32Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}

/** Bytes that FFmpeg copied out, as the float samples they are. */
export function samplesOf(bytes: Buffer, count: number): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, count)
}
