import type { RequestType } from '@arclight/core/protocol'
import * as auth from './auth.ts'
import * as channel from './channel.ts'
import type { AuthenticatingType, Caller, Handler, Stranger } from './handler.ts'
import * as message from './message.ts'
import * as recording from './recording.ts'
import * as session from './session.ts'
import * as track from './track.ts'
import * as voice from './voice.ts'

/** The requests that a connection may make before it has authenticated, and only then. */
export const authenticating: { readonly [Type in AuthenticatingType]: Handler<Type, Stranger> } = {
  'session.resume': session.resume,
  'auth.register': auth.register,
  'auth.login': auth.login,
  'auth.token': auth.token,
}

/** All the others. */
export const authenticated: {
  readonly [Type in Exclude<RequestType, AuthenticatingType>]: Handler<Type, Caller>
} = {
  'auth.logout': auth.logout,
  'auth.refresh': auth.refresh,
  'auth.sessions': auth.sessions,
  'auth.revoke': auth.revoke,
  'channel.list': channel.list,
  'channel.join': channel.join,
  'channel.leave': channel.leave,
  'log.read': message.read,
  'message.send': message.send,
  'history.page': message.page,
  'voice.join': voice.join,
  'voice.leave': voice.leave,
  'voice.update': voice.update,
  'recording.start': recording.start,
  'recording.stop': recording.stop,
  'recording.list': recording.list,
  'recording.link': recording.link,
  'track.publish': track.publish,
  'track.unpublish': track.unpublish,
}
