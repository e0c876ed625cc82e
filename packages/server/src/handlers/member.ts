import type { Caller, Handler } from './handler.ts'

export const list: Handler<'member.list', Caller> = (data, { identity }, { memberships }) => {
  return memberships.list(data, identity.account)
}

export const add: Handler<'member.add', Caller> = async (data, { identity }, { memberships }) => {
  await memberships.add(data, identity.account)
  return {}
}

export const remove: Handler<'member.remove', Caller> = async (data, { identity }, { memberships }) => {
  await memberships.remove(data, identity.account)
  return {}
}
