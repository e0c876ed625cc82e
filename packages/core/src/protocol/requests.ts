import type * as z from 'zod/mini'
import { accountClaim, accountDelete, accountPassword, authReset, userReset } from './account.ts'
import {
  authGuest,
  authLogin,
  authLogout,
  authRefresh,
  authRegister,
  authRevoke,
  authSessions,
  authToken,
} from './auth.ts'
import { userBlock, userBlocks } from './block.ts'
import { botCreate, botDelete, botList, botRenew } from './bot.ts'
import { channelCreate, channelDelete, channelJoin, channelLeave, channelList, channelUpdate } from './channel.ts'
import { directOpen } from './direct.ts'
import { fileGet, fileLink } from './file.ts'
import { authCode, authJwt } from './identity.ts'
import { inviteCreate, inviteDelete, inviteList } from './invite.ts'
import { logRead } from './log.ts'
import { memberAdd, memberList, memberRemove } from './member.ts'
import {
  historyPage,
  messageDelete,
  messageEdit,
  messagePin,
  messagePins,
  messageReact,
  messageReactors,
  messageSearch,
  messageSend,
} from './message.ts'
import { auditList, banList, userBan, userKick, userRevoke, userSessions, userUnban } from './moderation.ts'
import { permitList, permitSet } from './permit.ts'
import { presenceSet, presenceUnwatch, presenceWatch } from './presence.ts'
import { readMark } from './read.ts'
import { recordingLink, recordingList, recordingStart, recordingStop } from './recording.ts'
import { roleCreate, roleDelete, roleGive, roleList, roleUpdate } from './role.ts'
import { accountTotpBegin, accountTotpConfirm, accountTotpEnd, accountTotpRecovery } from './second-factor.ts'
import { sessionResume } from './session.ts'
import { trackPublish, trackUnpublish } from './track.ts'
import { typingSet } from './typing.ts'
import { userList, userUpdate } from './user.ts'
import { voiceJoin, voiceLeave, voiceModerate, voiceMove, voiceUpdate } from './voice.ts'
import { webhookCreate, webhookDelete, webhookList, webhookRenew } from './webhook.ts'

/** Every request by its name on the wire, with the schemas of its data and of its reply's data. */
export const requests = {
  'session.resume': sessionResume,
  'auth.register': authRegister,
  'auth.login': authLogin,
  'auth.guest': authGuest,
  'auth.token': authToken,
  'auth.reset': authReset,
  'auth.jwt': authJwt,
  'auth.code': authCode,
  'auth.logout': authLogout,
  'auth.refresh': authRefresh,
  'auth.sessions': authSessions,
  'auth.revoke': authRevoke,
  'channel.list': channelList,
  'channel.join': channelJoin,
  'channel.leave': channelLeave,
  'channel.create': channelCreate,
  'channel.update': channelUpdate,
  'channel.delete': channelDelete,
  'member.list': memberList,
  'member.add': memberAdd,
  'member.remove': memberRemove,
  'direct.open': directOpen,
  'user.list': userList,
  'user.update': userUpdate,
  'user.block': userBlock,
  'user.blocks': userBlocks,
  'file.get': fileGet,
  'file.link': fileLink,
  'user.reset': userReset,
  'user.kick': userKick,
  'user.ban': userBan,
  'user.unban': userUnban,
  'user.sessions': userSessions,
  'user.revoke': userRevoke,
  'ban.list': banList,
  'account.password': accountPassword,
  'account.delete': accountDelete,
  'account.totp.begin': accountTotpBegin,
  'account.totp.confirm': accountTotpConfirm,
  'account.totp.end': accountTotpEnd,
  'account.totp.recovery': accountTotpRecovery,
  'account.claim': accountClaim,
  'invite.create': inviteCreate,
  'invite.list': inviteList,
  'invite.delete': inviteDelete,
  'role.list': roleList,
  'role.create': roleCreate,
  'role.update': roleUpdate,
  'role.delete': roleDelete,
  'role.give': roleGive,
  'permit.list': permitList,
  'permit.set': permitSet,
  'audit.list': auditList,
  'log.read': logRead,
  'message.send': messageSend,
  'message.edit': messageEdit,
  'message.delete': messageDelete,
  'message.react': messageReact,
  'message.reactors': messageReactors,
  'message.pin': messagePin,
  'message.pins': messagePins,
  'message.search': messageSearch,
  'history.page': historyPage,
  'read.mark': readMark,
  'typing.set': typingSet,
  'presence.set': presenceSet,
  'presence.watch': presenceWatch,
  'presence.unwatch': presenceUnwatch,
  'bot.create': botCreate,
  'bot.list': botList,
  'bot.renew': botRenew,
  'bot.delete': botDelete,
  'webhook.create': webhookCreate,
  'webhook.list': webhookList,
  'webhook.renew': webhookRenew,
  'webhook.delete': webhookDelete,
  'voice.join': voiceJoin,
  'voice.leave': voiceLeave,
  'voice.update': voiceUpdate,
  'voice.moderate': voiceModerate,
  'voice.move': voiceMove,
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
