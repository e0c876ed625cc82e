export {
  type Call,
  type CallEvents,
  type Channel,
  type ChannelEvents,
  type ChannelSummary,
  type Client,
  type ClientEvents,
  ConnectionError,
  type ConnectionState,
  defineFamily,
  type Family,
  type HistoryPage,
  type JoinOptions,
  MediaError,
  type MediaErrorReason,
  type Member,
  type Message,
  memoryOutbox,
  Outbox,
  type OutboxEvents,
  type RecordedFile,
  type Recording,
  type RecordingEvents,
  type RecordingSummary,
  type RefusedMessage,
  RequestError,
  type Speaker,
  type WaitingMessage,
} from '@arclight/core'
export { type Microphone, type MicrophoneOptions, openMicrophone, streamSource } from './audio/microphone.ts'
export type { Playback } from './audio/playback.ts'
export { serveWorkletsFrom } from './audio/shared-engine.ts'
export { createClient, type WebClient, type WebClientOptions } from './create-client.ts'
export { indexedDbOutbox } from './indexed-db-outbox.ts'
export { localStorageTokens } from './local-storage-tokens.ts'
export { type Camera, type CameraOptions, openCamera, recordingSource } from './video/camera.ts'
export type { RecordingOptions } from './video/stream-recording-source.ts'
