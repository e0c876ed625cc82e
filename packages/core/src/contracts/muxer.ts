import type { AudioFormat, VideoFormat } from '../protocol/track.ts'
import type { Microseconds } from '../time/units.ts'

/** What a recording is to hold. A track that is expected and never comes costs the file nothing. */
export interface MuxerTracks {
  readonly video?: VideoFormat | undefined
  readonly audio?: AudioFormat | undefined
}

/** One encoded frame. Timestamps are on the publisher's session clock, the same for both tracks. */
export interface MuxerFrame {
  /** H.264: one Annex B access unit. Opus: one packet. Valid only during the call. */
  readonly payload: Uint8Array
  readonly timestamp: Microseconds
  readonly keyFrame: boolean
}

/**
 * How far a file is on disk: each track holds every frame whose timestamp is at or before this, undefined where
 * nothing of the track is safe yet. Frames past it must be kept: after a crash they are fed again.
 */
export interface StoredUpTo {
  readonly video: Microseconds | undefined
  readonly audio: Microseconds | undefined
  /** Bytes of the file so far. */
  readonly bytes: number
}

/** What became of a recording's file. */
export interface FinishedFile {
  readonly durationMs: number
  readonly bytes: number
  readonly videoFrames: number
  readonly width: number | undefined
  readonly height: number | undefined
}

/** A growing file. Calls are made in order, one at a time. Errors are MediaErrors; after one the file is as it is. */
export interface MuxerFile {
  /** False where the frame was not taken: before the first key frame, or already in the file. */
  video(frame: MuxerFrame): boolean
  audio(frame: MuxerFrame): boolean
  /** Makes what was written playable and durable. */
  sync(): Promise<StoredUpTo>
  /** Finishes the file: trailer, sync, rename to its final name. Undefined where nothing was recorded. */
  close(): Promise<FinishedFile | undefined>
}

/** A muxer, loaded inside a media host: native code never runs in the server's own process. */
export interface MuxerModule {
  /**
   * Starts `file`, growing as `<file>.part`. Where `resume` is given the `.part` of a crashed host is repaired and
   * continued: frames that it already holds are not taken again.
   */
  open(options: {
    readonly file: string
    readonly tracks: MuxerTracks
    /** The session time of the file's first instant, as `origin` told; undefined before the first frame. */
    readonly resume?: { readonly origin: Microseconds | undefined } | undefined
    /** Told once, as soon as the file's first instant is known. */
    readonly origin: (origin: Microseconds) => void
  }): Promise<MuxerFile>
  /** Finishes what a crash left of `<file>.part` as `file`. Undefined where nothing in it can be played. */
  repair(file: string): Promise<FinishedFile | undefined>
}

/** A muxer as the server is given it: a description that a media host can load. */
export interface Muxer {
  readonly name: string
  /** The URL of a module whose `default` export is a MuxerModule. */
  readonly module: string
  /** Rejects with MediaError `unsupported`, saying what to install, where it cannot work here. */
  check(): Promise<void>
}
