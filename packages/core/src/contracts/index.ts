export type { AudioCodec, AudioDecoder, AudioEncoder } from './audio-codec.ts'
export type { AudioSink } from './audio-sink.ts'
export type { AudioConsumer, AudioSource } from './audio-source.ts'
export type { BlobStore } from './blob-store.ts'
export type { ExternalIdentity, SignInProvider, TokenVerifier } from './identity-provider.ts'
export type { ImageJob, ImageProcessor, ImageResult } from './image-processor.ts'
export type {
  FinishedFile,
  Muxer,
  MuxerFile,
  MuxerFrame,
  MuxerModule,
  MuxerTracks,
  StoredUpTo,
} from './muxer.ts'
export type { OutboxEntry, OutboxLane, OutboxLaneEvents, OutboxScope, OutboxStore } from './outbox-store.ts'
export type { RecordingConsumer, RecordingSource, SourceFrame, SourceTrack } from './recording-source.ts'
export type { AccountRepository, StoredAccount, StoredBlock } from './storage/account-repository.ts'
export type {
  ChannelChange,
  ChannelCreation,
  ChannelRepository,
  NewChannel,
  StoredChannel,
} from './storage/channel-repository.ts'
export type { IdentityRepository, StoredIdentity } from './storage/identity-repository.ts'
export type { InviteRepository, StoredInvite } from './storage/invite-repository.ts'
export type {
  LogRepository,
  LogSearch,
  LogWrite,
  MessageAppend,
  MessageDeletion,
  MessageEdit,
  MessagePlace,
  PageAnchor,
  PinWrite,
  ReactionWrite,
  WriteResult,
} from './storage/log-repository.ts'
export type { AuditRecord, ModerationRepository, StoredBan, StoredSilence } from './storage/moderation-repository.ts'
export type { ReadRepository, StoredMarker } from './storage/read-repository.ts'
export type { RecordingChange, RecordingRepository } from './storage/recording-repository.ts'
export type { RoleChange, RoleRepository, StoredPermit, StoredRole } from './storage/role-repository.ts'
export type { SecondFactorRepository, StoredSecondFactor } from './storage/second-factor-repository.ts'
export type { FoundSession, SessionRepository, StoredSession } from './storage/session-repository.ts'
export type { Storage } from './storage/storage.ts'
export type {
  FinishedUpload,
  NewUpload,
  StoredUpload,
  UploadBounds,
  UploadRepository,
} from './storage/upload-repository.ts'
export type { StoredWebhook, WebhookRepository } from './storage/webhook-repository.ts'
export type { SavedSession, TokenStore } from './token-store.ts'
export type { Uploader, UploadOrder } from './uploader.ts'
