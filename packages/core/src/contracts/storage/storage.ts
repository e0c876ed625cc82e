import type { AccountRepository } from './account-repository.ts'
import type { ChannelRepository } from './channel-repository.ts'
import type { IdentityRepository } from './identity-repository.ts'
import type { InviteRepository } from './invite-repository.ts'
import type { LogRepository } from './log-repository.ts'
import type { ModerationRepository } from './moderation-repository.ts'
import type { ReadRepository } from './read-repository.ts'
import type { RecordingRepository } from './recording-repository.ts'
import type { RoleRepository } from './role-repository.ts'
import type { SecondFactorRepository } from './second-factor-repository.ts'
import type { SessionRepository } from './session-repository.ts'
import type { UploadRepository } from './upload-repository.ts'
import type { WebhookRepository } from './webhook-repository.ts'

/** Everything durable, as a record of repositories: supply one of your own and keep the rest. */
export interface Storage {
  /** Makes the schema, and the first channels in a store that never had any. Rejects with a sentence. */
  open(): Promise<void>
  readonly accounts: AccountRepository
  readonly sessions: SessionRepository
  readonly identities: IdentityRepository
  readonly secondFactors: SecondFactorRepository
  readonly invites: InviteRepository
  readonly roles: RoleRepository
  readonly moderation: ModerationRepository
  readonly channels: ChannelRepository
  readonly log: LogRepository
  readonly reads: ReadRepository
  readonly webhooks: WebhookRepository
  readonly recordings: RecordingRepository
  readonly uploads: UploadRepository
  /** Everything acknowledged stays; calls under way finish first. */
  close(): Promise<void>
}
