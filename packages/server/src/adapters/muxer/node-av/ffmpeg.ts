import { resolve } from 'node:path'
import { MediaError } from '@arclight/core'
import { FFmpegError } from 'node-av/lib'

/** Throws MediaError `failed` for a negative FFmpeg result; `what` says what was tried. */
export function check(result: number, what: string): number {
  if (result >= 0) return result
  const reason = new FFmpegError(result)
  throw new MediaError('failed', `could not ${what}: ${reason.message}`, reason)
}

/** A path that FFmpeg cannot take for another protocol, whatever it is called. */
export function fileUrl(path: string): string {
  return `file:${resolve(path)}`
}
