import type { MediaFormat } from '../protocol/track.ts'
import type { Microseconds } from '../time/units.ts'

/** A track that a source gives. */
export interface SourceTrack {
  /** Names the track for the recording's life: "camera", "microphone". */
  readonly key: string
  readonly format: MediaFormat
}

/** One encoded frame on its way into a recording. */
export interface SourceFrame {
  readonly key: string
  /** 16 bytes left free for the header, then the payload; the receiver's from here on. */
  readonly bytes: Uint8Array
  /** On the clock that the client was made with, in microseconds; the same for all tracks of the source. */
  readonly timestamp: Microseconds
  readonly keyFrame: boolean
  /** −dBov of an audio frame. */
  readonly level?: number | undefined
}

/** What a source delivers to. */
export interface RecordingConsumer {
  frame(frame: SourceFrame): void
  /** No more will come: the file is over, the device is gone (`error` says why). */
  ended(error?: Error): void
}

/** Something that gives encoded pictures and sound: a camera with its microphone, a file. */
export interface RecordingSource {
  /** Opens devices or files far enough to know the tracks. Rejects with MediaError. */
  prepare(): Promise<readonly SourceTrack[]>
  /** Starts delivering; a video track begins with a key frame. */
  start(consumer: RecordingConsumer): Promise<void>
  /** Stops delivering and hands out what was still being encoded first. */
  stop(): Promise<void>
}
