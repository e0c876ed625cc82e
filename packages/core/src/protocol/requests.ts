import type * as z from 'zod/mini'
import { authLogin, authLogout, authRefresh, authRegister, authRevoke, authSessions, authToken } from './auth.ts'
import { channelJoin, channelLeave, channelList } from './channel.ts'
import { logRead } from './log.ts'
import { historyPage, messageSend } from './message.ts'
import { recordingLink, recordingList, recordingStart, recordingStop } from './recording.ts'
import { sessionResume } from './session.ts'
import { trackPublish, trackUnpublish } from './track.ts'
import { voiceJoin, voiceLeave, voiceUpdate } from './voice.ts'

/** Every request by its name on the wire, with the schemas of its data and of its reply's data. */
export const requests = {
  'session.resume': sessionResume,
  'auth.register': authRegister,
  'auth.login': authLogin,
  'auth.token': authToken,
  'auth.logout': authLogout,
  'auth.refresh': authRefresh,
  'auth.sessions': authSessions,
  'auth.revoke': authRevoke,
  'channel.list': channelList,
  'channel.join': channelJoin,
  'channel.leave': channelLeave,
  'log.read': logRead,
  'message.send': messageSend,
  'history.page': historyPage,
  'voice.join': voiceJoin,
  'voice.leave': voiceLeave,
  'voice.update': voiceUpdate,
  'recording.start': recordingStart,
  'recording.stop': recordingStop,
  'recording.list': recordingList,
  'recording.link': recordingLink,
  'track.publish': trackPublish,
  'track.unpublish': trackUnpublish,
} as const

/** The name of a request. */
export type RequestType = keyof typeof requests
/** The data that a request carries. */
export type RequestData<Type extends RequestType> = z.infer<(typeof requests)[Type]['request']>
/** The data that its reply carries. */
export type ReplyData<Type extends RequestType> = z.infer<(typeof requests)[Type]['reply']>
