import type * as z from 'zod/mini'
import { accountChanged } from './account.ts'
import { userBlocked } from './block.ts'
import { channelChanged, channelLagging, channelOrdered, channelRemoved } from './channel.ts'
import { messageChanged, messageCreated, messageDeleted } from './message.ts'
import { presenceChanged } from './presence.ts'
import { readChanged } from './read.ts'
import { recordingFailed, recordingProgress, trackAck } from './recording.ts'
import { roleChanged } from './role.ts'
import { sessionGoaway, sessionHello, sessionRejected } from './session.ts'
import { trackPublished, trackUnpublished } from './track.ts'
import { typingChanged } from './typing.ts'
import { userChanged } from './user.ts'
import { voiceChanged, voiceLeft, voiceMoved, voiceSent } from './voice.ts'

/** Every event by its name on the wire. Those of a channel's log also carry `channel` and `seq` in the envelope. */
export const events = {
  'session.hello': sessionHello,
  'session.rejected': sessionRejected,
  'session.goaway': sessionGoaway,
  'account.changed': accountChanged,
  'role.changed': roleChanged,
  'channel.changed': channelChanged,
  'channel.ordered': channelOrdered,
  'channel.removed': channelRemoved,
  'channel.lagging': channelLagging,
  'message.created': messageCreated,
  'message.changed': messageChanged,
  'message.deleted': messageDeleted,
  'user.changed': userChanged,
  'user.blocked': userBlocked,
  'read.changed': readChanged,
  'typing.changed': typingChanged,
  'presence.changed': presenceChanged,
  'voice.changed': voiceChanged,
  'voice.left': voiceLeft,
  'voice.moved': voiceMoved,
  'voice.sent': voiceSent,
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
