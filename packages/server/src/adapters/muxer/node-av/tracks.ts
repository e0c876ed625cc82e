import type { Microseconds } from '@arclight/core'
import type { AudioTrack } from './audio-track.ts'
import type { VideoTrack } from './video-track.ts'

/** What a file holds; a track that it does not have is gone for good. */
export interface Tracks {
  /** The session time of the file's first instant. */
  readonly origin: Microseconds
  readonly video: VideoTrack | undefined
  readonly audio: AudioTrack | undefined
}
