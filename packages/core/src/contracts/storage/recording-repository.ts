import type { RecordingSummary } from '../../protocol/recording.ts'

/** What changes of a recording's row. */
export type RecordingChange = Pick<
  RecordingSummary,
  'state' | 'durationMs' | 'bytes' | 'videoFrames' | 'width' | 'height'
>

/** The catalogue of recordings. */
export interface RecordingRepository {
  create(recording: RecordingSummary): Promise<void>
  update(id: string, change: RecordingChange): Promise<void>
  get(id: string): Promise<RecordingSummary | undefined>
  /** Newest first, at most `most`. */
  byOwner(user: string, most: number): Promise<readonly RecordingSummary[]>
  /** Forgets one; false where there is none. */
  remove(id: string): Promise<boolean>
  /** Those in state `recording`: after a start, the ones that a crash cut off. */
  unfinished(): Promise<readonly RecordingSummary[]>
}
