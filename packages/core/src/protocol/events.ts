import type * as z from 'zod/mini'
import { channelLagging } from './channel.ts'
import { messageCreated } from './message.ts'
import { recordingFailed, recordingProgress, trackAck } from './recording.ts'
import { sessionGoaway, sessionHello, sessionRejected } from './session.ts'
import { trackPublished, trackUnpublished } from './track.ts'
import { voiceChanged, voiceLeft, voiceMoved } from './voice.ts'

/** Every event by its name on the wire. Those of a channel's log also carry `channel` and `seq` in the envelope. */
export const events = {
  'session.hello': sessionHello,
  'session.rejected': sessionRejected,
  'session.goaway': sessionGoaway,
  'channel.lagging': channelLagging,
  'message.created': messageCreated,
  'voice.changed': voiceChanged,
  'voice.left': voiceLeft,
  'voice.moved': voiceMoved,
  'recording.progress': recordingProgress,
  'recording.failed': recordingFailed,
  'track.ack': trackAck,
  'track.published': trackPublished,
  'track.unpublished': trackUnpublished,
} as const

/** The name of an event. */
export type EventType = keyof typeof events
/** The data that an event carries. */
export type EventData<Type extends EventType> = z.infer<(typeof events)[Type]>
