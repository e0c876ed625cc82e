import * as z from 'zod/mini'
import { authenticated, sessionSummary } from '../src/protocol/auth.ts'
import { channelSummary, cursor, listedChannel } from '../src/protocol/channel.ts'
import { attachment } from '../src/protocol/file.ts'
import { invite } from '../src/protocol/invite.ts'
import { logEntry } from '../src/protocol/log.ts'
import { message, reaction } from '../src/protocol/message.ts'
import { auditEntry, ban } from '../src/protocol/moderation.ts'
import { permit } from '../src/protocol/permit.ts'
import { userPresence } from '../src/protocol/presence.ts'
import { readMarker } from '../src/protocol/read.ts'
import { recordingSummary } from '../src/protocol/recording.ts'
import { role } from '../src/protocol/role.ts'
import { audioFormat, mediaFormat, trackSummary, videoFormat } from '../src/protocol/track.ts'
import { account, userSummary } from '../src/protocol/user.ts'
import { voiceMember } from '../src/protocol/voice.ts'
import { webhookSummary } from '../src/protocol/webhook.ts'

/** Objects that several messages hold. Each is described once, in vectors/shapes.json, and stands in $defs. */
export const shapes = {
  Authenticated: authenticated,
  Account: account,
  User: userSummary,
  Session: sessionSummary,
  Channel: channelSummary,
  ListedChannel: listedChannel,
  ReadMarker: readMarker,
  Cursor: cursor,
  Message: message,
  Reaction: reaction,
  Presence: userPresence,
  LogEntry: logEntry,
  VoiceMember: voiceMember,
  Track: trackSummary,
  AudioFormat: audioFormat,
  VideoFormat: videoFormat,
  MediaFormat: mediaFormat,
  Recording: recordingSummary,
  Webhook: webhookSummary,
  Attachment: attachment,
  Role: role,
  Permit: permit,
  Ban: ban,
  AuditEntry: auditEntry,
  Invite: invite,
} as const

/** Gives each shape its name in the JSON Schemas. */
export const shapeNames = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(shapes)) shapeNames.add(schema, { id })
