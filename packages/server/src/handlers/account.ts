import { enter } from './auth.ts'
import type { Caller, Handler, Stranger } from './handler.ts'
import { requires } from './requires.ts'

export const password: Handler<'account.password', Caller> = async (data, { identity }, { passwords }) => {
  await passwords.change(identity.account.id, data, identity.session)
  return {}
}

export const beginTotp: Handler<'account.totp.begin', Caller> = ({ password }, { identity }, { secondFactors }) => {
  return secondFactors.begin(identity.account, password)
}

export const confirmTotp: Handler<'account.totp.confirm', Caller> = async ({ code }, { identity }, services) => ({
  recoveryCodes: await services.secondFactors.confirm(identity.account, code),
})

export const endTotp: Handler<'account.totp.end', Caller> = async (data, { identity }, { secondFactors }) => {
  await secondFactors.end(identity.account, data)
  return {}
}

export const renewCodes: Handler<'account.totp.recovery', Caller> = async (data, { identity }, services) => ({
  recoveryCodes: await services.secondFactors.renewCodes(identity.account, data),
})

export const remove: Handler<'account.delete', Caller> = async (data, caller, { deletion }) => {
  await deletion.delete(caller.identity.account, data, caller)
  return {}
}

export const claim: Handler<'account.claim', Caller> = async (data, { identity }, { guests }) => {
  return { user: await guests.claim(data, identity.account) }
}

export const createReset: Handler<'user.reset', Caller> = (data, { identity }, { passwords }) => {
  return passwords.createReset(data.user, identity.account)
}

export const reset: Handler<'auth.reset', Stranger> = async (data, stranger, services) => {
  return enter(await services.passwords.reset(data), data.label, stranger, services)
}

export const createInvite: Handler<'invite.create', Caller> = (data, { identity }, { invites }) => {
  return invites.create(data, identity.account)
}

export const listInvites: Handler<'invite.list', Caller> = async (_data, caller, services) => {
  requires(caller, 'invite', services)
  return { invites: await services.invites.list() }
}

export const removeInvite: Handler<'invite.delete', Caller> = async ({ invite }, caller, services) => {
  requires(caller, 'invite', services)
  await services.invites.remove(invite, caller.identity.account)
  return {}
}
