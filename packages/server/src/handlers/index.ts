import type { RequestType } from '@arclight/core/protocol'
import * as account from './account.ts'
import * as auth from './auth.ts'
import * as bot from './bot.ts'
import * as channel from './channel.ts'
import * as direct from './direct.ts'
import * as file from './file.ts'
import type { AuthenticatingType, Caller, Handler, Stranger } from './handler.ts'
import * as member from './member.ts'
import * as message from './message.ts'
import * as moderation from './moderation.ts'
import * as presence from './presence.ts'
import * as read from './read.ts'
import * as recording from './recording.ts'
import * as role from './role.ts'
import * as search from './search.ts'
import * as session from './session.ts'
import * as track from './track.ts'
import * as typing from './typing.ts'
import * as user from './user.ts'
import * as voice from './voice.ts'
import * as webhook from './webhook.ts'

/** The requests that a connection may make before it has authenticated, and only then. */
export const authenticating: { readonly [Type in AuthenticatingType]: Handler<Type, Stranger> } = {
  'session.resume': session.resume,
  'auth.register': auth.register,
  'auth.login': auth.login,
  'auth.guest': auth.guest,
  'auth.token': auth.token,
  'auth.reset': account.reset,
  'auth.jwt': auth.jwt,
  'auth.code': auth.code,
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
  'channel.create': channel.create,
  'channel.update': channel.update,
  'channel.delete': channel.remove,
  'member.list': member.list,
  'member.add': member.add,
  'member.remove': member.remove,
  'direct.open': direct.open,
  'user.list': user.list,
  'user.update': user.update,
  'user.block': user.block,
  'user.blocks': user.blocks,
  'file.get': file.get,
  'file.link': file.link,
  'user.reset': account.createReset,
  'account.password': account.password,
  'account.delete': account.remove,
  'account.totp.begin': account.beginTotp,
  'account.totp.confirm': account.confirmTotp,
  'account.totp.end': account.endTotp,
  'account.totp.recovery': account.renewCodes,
  'account.claim': account.claim,
  'invite.create': account.createInvite,
  'invite.list': account.listInvites,
  'invite.delete': account.removeInvite,
  'user.kick': moderation.kick,
  'user.ban': moderation.ban,
  'user.unban': moderation.unban,
  'user.sessions': moderation.sessions,
  'user.revoke': moderation.revoke,
  'ban.list': moderation.bans,
  'audit.list': moderation.audit,
  'role.list': role.list,
  'role.create': role.create,
  'role.update': role.update,
  'role.delete': role.remove,
  'role.give': role.give,
  'permit.list': role.permits,
  'permit.set': role.setPermit,
  'log.read': message.read,
  'message.send': message.send,
  'message.edit': message.edit,
  'message.delete': message.remove,
  'message.react': message.react,
  'message.reactors': message.reactors,
  'message.pin': message.pin,
  'message.pins': message.pins,
  'message.search': search.search,
  'history.page': message.page,
  'read.mark': read.mark,
  'typing.set': typing.set,
  'presence.set': presence.set,
  'presence.watch': presence.watch,
  'presence.unwatch': presence.unwatch,
  'bot.create': bot.create,
  'bot.list': bot.list,
  'bot.renew': bot.renew,
  'bot.delete': bot.end,
  'webhook.create': webhook.create,
  'webhook.list': webhook.list,
  'webhook.renew': webhook.renew,
  'webhook.delete': webhook.end,
  'voice.join': voice.join,
  'voice.leave': voice.leave,
  'voice.update': voice.update,
  'voice.moderate': voice.moderate,
  'voice.move': voice.move,
  'recording.start': recording.start,
  'recording.stop': recording.stop,
  'recording.list': recording.list,
  'recording.link': recording.link,
  'track.publish': track.publish,
  'track.unpublish': track.unpublish,
}
