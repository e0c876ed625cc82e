import type { FinishedFile } from '@arclight/core/contracts'

/** The figures of a finished file; `seconds` are those of its longer track. */
export function finishedFile(parts: {
  seconds: number
  bytes: number
  video: { readonly frames: number; readonly width: number; readonly height: number } | undefined
}): FinishedFile {
  return {
    durationMs: Math.round(parts.seconds * 1000),
    bytes: parts.bytes,
    videoFrames: parts.video?.frames ?? 0,
    width: parts.video?.width,
    height: parts.video?.height,
  }
}
