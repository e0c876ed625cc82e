export type { AudioCodec, AudioDecoder, AudioEncoder } from './audio-codec.ts'
export type { AudioSink } from './audio-sink.ts'
export type { AudioConsumer, AudioSource } from './audio-source.ts'
export type { BlobStore } from './blob-store.ts'
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
export type { AccountRepository, StoredAccount } from './storage/account-repository.ts'
export type { ChannelRepository } from './storage/channel-repository.ts'
export type { AppendResult, LogRepository, MessageAppend, PageAnchor } from './storage/log-repository.ts'
export type { RecordingChange, RecordingRepository } from './storage/recording-repository.ts'
export type { FoundSession, SessionRepository, StoredSession } from './storage/session-repository.ts'
export type { Storage } from './storage/storage.ts'
export type { SavedSession, TokenStore } from './token-store.ts'
