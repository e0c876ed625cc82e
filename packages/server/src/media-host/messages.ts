import type { Microseconds } from '@arclight/core'
import type { FinishedFile, MuxerTracks } from '@arclight/core/contracts'

/** Server to media host; each is about one recorder. */
export type HostRequest =
  | {
      readonly type: 'open'
      readonly module: string
      readonly file: string
      readonly tracks: MuxerTracks
      readonly resume?: { readonly origin: Microseconds | undefined }
    }
  | { readonly type: 'close' }
  | { readonly type: 'repair'; readonly module: string; readonly file: string }
  | { readonly type: 'ping' }

/** Media host to server. */
export type HostReply =
  /** The session time of the file's first instant. */
  | { readonly type: 'origin'; readonly origin: Microseconds }
  /** The highest seq of each track that is on disk with everything before it, −1 for none. */
  | {
      readonly type: 'stored'
      readonly video: number
      readonly audio: number
      readonly durationMs: number
      readonly bytes: number
    }
  | { readonly type: 'closed'; readonly file: FinishedFile | undefined }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'pong' }
