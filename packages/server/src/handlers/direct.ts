import type { Caller, Handler } from './handler.ts'

export const open: Handler<'direct.open', Caller> = async (data, { identity }, { memberships }) => {
  return { channel: await memberships.open(data, identity.account) }
}
