import type { Caller, Handler } from './handler.ts'

export const list: Handler<'role.list', Caller> = (_data, _caller, { roles }) => ({ roles: roles.list() })

export const create: Handler<'role.create', Caller> = async (data, { identity }, { roles }) => {
  return { role: await roles.create(data, identity.account) }
}

export const update: Handler<'role.update', Caller> = async (data, { identity }, { roles }) => {
  return { role: await roles.update(data, identity.account) }
}

export const remove: Handler<'role.delete', Caller> = async (data, { identity }, { roles }) => {
  await roles.remove(data.role, identity.account)
  return {}
}

export const give: Handler<'role.give', Caller> = async (data, { identity }, { roles }) => {
  await roles.give(data, identity.account)
  return {}
}

export const permits: Handler<'permit.list', Caller> = (data, { identity }, { roles }) => {
  return { permits: roles.permits(data.channel, identity.account) }
}

export const setPermit: Handler<'permit.set', Caller> = async (data, { identity }, { roles }) => {
  await roles.setPermit(data, identity.account)
  return {}
}
