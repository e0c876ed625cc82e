import type { AccountRepository } from './account-repository.ts'
import type { ChannelRepository } from './channel-repository.ts'
import type { LogRepository } from './log-repository.ts'
import type { RecordingRepository } from './recording-repository.ts'
import type { SessionRepository } from './session-repository.ts'

/** Everything durable, as a record of repositories: supply one of your own and keep the rest. */
export interface Storage {
  /** Makes the schema, and the first channels in a store that never had any. Rejects with a sentence. */
  open(): Promise<void>
  readonly accounts: AccountRepository
  readonly sessions: SessionRepository
  readonly channels: ChannelRepository
  readonly log: LogRepository
  readonly recordings: RecordingRepository
  /** Everything acknowledged stays; calls under way finish first. */
  close(): Promise<void>
}
