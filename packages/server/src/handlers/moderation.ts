import { summariesOf } from './auth.ts'
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

export const sessions: Handler<'user.sessions', Caller> = async (data, { identity }, services) => {
  const stored = await services.moderation.sessions(data, identity.account)
  return { sessions: summariesOf(stored, identity, services) }
}

export const revoke: Handler<'user.revoke', Caller> = async (data, { identity }, { moderation }) => {
  await moderation.revoke(data, identity.account)
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
