import type { EventData, EventType } from '../../src/protocol/events.ts'
import type { LogEntry } from '../../src/protocol/log.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { RecordingSummary } from '../../src/protocol/recording.ts'
import type { ReplyData, RequestData, RequestType } from '../../src/protocol/requests.ts'
import type { AudioFormat, VideoFormat } from '../../src/protocol/track.ts'
import type { VoiceMember } from '../../src/protocol/voice.ts'

/** Data that fits each schema, all optional fields present. A type without a sample does not compile. */
export type RequestSamples = {
  readonly [Type in RequestType]: { readonly request: RequestData<Type>; readonly reply: ReplyData<Type> }
}
/** See {@link RequestSamples}. */
export type EventSamples = { readonly [Type in EventType]: EventData<Type> }

const token = 'a-token-of-24-characters'
const grant = { token, session: 's1', expiresAt: 1_702_592_000_000, refreshAt: 1_701_296_000_000 }
const authenticated = { user: { id: 'u1', name: 'mei', role: 'member' as const }, ...grant }
const channel = { id: 'general', kind: 'text' as const, name: 'General', epoch: 'e1', head: 41 }
const message: Message = {
  channel: 'general',
  seq: 42,
  ordinal: 40,
  rev: 42,
  author: { id: 'u1', name: 'mei' },
  clientId: 'c-9',
  text: 'hello',
  at: 1_700_000_000_000,
}
const entry: LogEntry = { type: 'message.created', channel: 'general', seq: 42, data: { message } }
const format: AudioFormat = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }
const track = { track: 7, key: 'microphone', format }
const member: VoiceMember = {
  member: 'm1',
  user: { id: 'u1', name: 'mei' },
  muted: false,
  deafened: false,
  reconnecting: false,
  tracks: [track],
}
/** A key of the map in a resume's reply, so that a test can tell a map from an object. */
export const RECORDING = 'r1'
const recording: RecordingSummary = {
  id: RECORDING,
  title: 'Lesson 1',
  state: 'recording',
  owner: { id: 'u1', name: 'mei' },
  startedAt: 1_700_000_000_000,
  durationMs: 1_500.5,
  bytes: 4_096,
  videoFrames: 45,
  width: 1_280,
  height: 720,
}
const video: VideoFormat = { kind: 'video', codec: 'h264', width: 1_280, height: 720 }
const voiceFlags = { channel: 'lounge', muted: false, deafened: true }
const voiceState = { ...voiceFlags, device: 'd-1' }

export const requestSamples: RequestSamples = {
  'session.resume': {
    request: {
      token,
      cursors: { general: { epoch: 'e1', seq: 41 } },
      voice: { ...voiceState, tracks: [{ key: 'microphone', format }] },
      recordings: [{ recording: RECORDING, tracks: [{ key: 'camera', format: video }] }],
    },
    reply: {
      ...authenticated,
      channels: { general: { epoch: 'e1', head: 45 }, old: 'gone' },
      voice: { channel: 'lounge', member: 'm1', members: [member], tracks: { microphone: 7 } },
      recordings: { [RECORDING]: { camera: { track: 8, next: 45 } }, old: 'gone' },
    },
  },
  'auth.register': {
    request: { name: 'mei', password: 'long enough', claim: 'ABCD-EFGH', label: 'Firefox on Linux' },
    reply: authenticated,
  },
  'auth.login': { request: { name: 'mei', password: 'x', label: 'Firefox on Linux' }, reply: authenticated },
  'auth.token': { request: { token }, reply: authenticated },
  'auth.logout': { request: {}, reply: {} },
  'auth.refresh': { request: { rotate: true }, reply: grant },
  'auth.sessions': {
    request: {},
    reply: {
      sessions: [
        {
          id: 's1',
          label: 'Firefox on Linux',
          createdAt: 1_700_000_000_000,
          usedAt: 1_700_000_000_000,
          expiresAt: 1_702_592_000_000,
          current: true,
          connections: 1,
        },
      ],
    },
  },
  'auth.revoke': { request: { session: 's1' }, reply: {} },
  'channel.list': { request: {}, reply: { channels: [channel] } },
  'channel.join': { request: { channel: 'general' }, reply: { channel } },
  'channel.leave': { request: { channel: 'general' }, reply: {} },
  'log.read': {
    request: { channel: 'general', after: 41, limit: 100 },
    reply: { entries: [entry], epoch: 'e1', head: 42 },
  },
  'message.send': {
    request: { channel: 'general', clientId: 'c-9', text: 'hello', after: 'c-8' },
    reply: { message },
  },
  'history.page': {
    request: { channel: 'general', before: 42, after: 1, around: 20, limit: 1 },
    reply: { messages: [message], epoch: 'e1', asOf: 42, hasMoreBefore: true, hasMoreAfter: false },
  },
  'voice.join': { request: voiceState, reply: { channel: 'lounge', member: 'm1', members: [member] } },
  'voice.leave': { request: { channel: 'lounge' }, reply: {} },
  'voice.update': { request: voiceFlags, reply: {} },
  'recording.start': { request: { title: 'Lesson 1' }, reply: { recording } },
  'recording.stop': { request: { recording: RECORDING }, reply: { recording: { ...recording, state: 'finished' } } },
  'recording.list': { request: {}, reply: { recordings: [recording] } },
  'recording.link': {
    request: { recording: RECORDING, disposition: 'inline' },
    reply: { path: '/recordings/r1?ticket=x', expiresAt: 1_700_000_600_000 },
  },
  'track.publish': { request: { key: 'microphone', format, to: { channel: 'lounge' } }, reply: { track: 7 } },
  'track.unpublish': { request: { track: 7 }, reply: {} },
}

export const eventSamples: EventSamples = {
  'session.hello': {
    server: 'k2x',
    capabilities: ['chat', 'voice'],
    registration: 'open',
    limits: { page: 100 },
    clock: { session: 5_000_000, wall: 1_700_000_000_000 },
  },
  'session.goaway': { withinMs: 5_000, spreadMs: 2_000 },
  'session.rejected': { reason: 'json', message: 'expected a JSON object in a text frame', left: 9 },
  'channel.lagging': { channel: 'general', seq: 45 },
  'message.created': { message },
  'voice.changed': { channel: 'lounge', member },
  'voice.left': { channel: 'lounge', member: 'm1' },
  'voice.moved': { channel: 'lounge', member: 'm1' },
  'recording.progress': { recording: RECORDING, durationMs: 1_500.5, bytes: 4_096 },
  'recording.failed': { recording: RECORDING, message: 'the disk is full' },
  'track.ack': {
    track: 8,
    received: 45,
    stored: -1,
    sentAt: 1_500_000,
    serverAt: 1_700_000_001_500,
    queue: { frames: 3, bytes: 2_048, capacity: 1_048_576, dropped: 0, load: 0.002 },
  },
  'track.published': { channel: 'lounge', member: 'm1', track },
  'track.unpublished': { channel: 'lounge', member: 'm1', track: 7 },
}
