import { LIMITS } from '@arclight/core/protocol'
import { namePrefixKey } from '../accounts/name-key.ts'
import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const list: Handler<'user.list', Caller> = async (data, _caller, { storage }) => {
  const { prefix, after, limit = LIMITS.page } = data
  if (after !== undefined && (await storage.accounts.get([after])).length === 0) throw Refusal.notFound('user')
  const key = prefix === undefined ? undefined : namePrefixKey(prefix)
  const { users, hasMore } = await storage.accounts.list({ prefix: key, after, limit })
  return { users: [...users], hasMore }
}

export const update: Handler<'user.update', Caller> = async (data, { identity }, { profiles }) => ({
  user: await profiles.update(identity.account.id, data),
})

export const block: Handler<'user.block', Caller> = async ({ user, on }, { identity, outgoing }, { blocks, live }) => {
  const { id } = identity.account
  if (!(await blocks.set(id, user, on))) return {}
  const blocked = { type: 'user.blocked', data: { user, on } }
  for (const other of live.ofUser(id)) {
    if (other.outgoing !== outgoing) other.outgoing.state(`blocked ${user}`, () => blocked)
  }
  return {}
}

export const blocks: Handler<'user.blocks', Caller> = async (_data, { identity }, services) => {
  return { users: await services.blocks.list(identity.account.id) }
}
