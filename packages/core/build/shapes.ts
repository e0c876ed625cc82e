import * as z from 'zod/mini'
import { authenticated, sessionSummary } from '../src/protocol/auth.ts'
import { channelSummary, cursor } from '../src/protocol/channel.ts'
import { logEntry } from '../src/protocol/log.ts'
import { message } from '../src/protocol/message.ts'
import { recordingSummary } from '../src/protocol/recording.ts'
import { audioFormat, mediaFormat, trackSummary, videoFormat } from '../src/protocol/track.ts'
import { account, userSummary } from '../src/protocol/user.ts'
import { voiceMember } from '../src/protocol/voice.ts'

/** Objects that several messages hold. Each is described once, in vectors/shapes.json, and stands in $defs. */
export const shapes = {
  Authenticated: authenticated,
  Account: account,
  User: userSummary,
  Session: sessionSummary,
  Channel: channelSummary,
  Cursor: cursor,
  Message: message,
  LogEntry: logEntry,
  VoiceMember: voiceMember,
  Track: trackSummary,
  AudioFormat: audioFormat,
  VideoFormat: videoFormat,
  MediaFormat: mediaFormat,
  Recording: recordingSummary,
} as const

/** Gives each shape its name in the JSON Schemas. */
export const shapeNames = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(shapes)) shapeNames.add(schema, { id })
