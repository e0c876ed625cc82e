import type { Caller, Handler } from './handler.ts'
import { requires } from './requires.ts'

export const kick: Handler<'user.kick', Caller> = async (data, { identity }, { moderation }) => {
  await moderation.kick(data, identity.account)
  return {}
}

export const ban: Handler<'user.ban', Caller> = async (data, { identity }, { moderation }) => {
  await moderation.ban(data, identity.account)
  return {}
}

export const unban: Handler<'user.unban', Caller> = async (data, { identity }, { moderation }) => {
  await moderation.unban(data, identity.account)
  return {}
}

export const bans: Handler<'ban.list', Caller> = async (_data, caller, services) => {
  requires(caller, 'ban', services)
  return { bans: await services.moderation.listBans() }
}

export const audit: Handler<'audit.list', Caller> = async (data, caller, services) => {
  requires(caller, 'audit', services)
  return services.audit.list(data)
}
