import type { PageAnchor } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const send: Handler<'message.send', Caller> = async (data, caller, { channels, clock }) => {
  const author = caller.identity.account.id
  channels.allowed(data.channel, author, 'write')
  return { message: await channels.send({ ...data, author, at: clock.wall() }) }
}

export const page: Handler<'history.page', Caller> = async (data, { identity }, { channels, storage }) => {
  channels.allowed(data.channel, identity.account.id, 'read')
  const found = await storage.log.page(data.channel, anchorOf(data), data.limit ?? LIMITS.pageDefault)
  if (!found) throw Refusal.notFound('channel')
  return found
}

export const read: Handler<'log.read', Caller> = async (data, { identity }, { channels, storage }) => {
  channels.allowed(data.channel, identity.account.id, 'read')
  const found = await storage.log.read(data.channel, data.after, data.limit ?? LIMITS.page)
  if (!found) throw Refusal.notFound('channel')
  return { ...found, entries: [...found.entries] }
}

function anchorOf(data: {
  before?: number | undefined
  after?: number | undefined
  around?: number | undefined
}): PageAnchor {
  const given = (['before', 'after', 'around'] as const).filter((at) => data[at] !== undefined)
  const [at] = given
  if (given.length > 1) {
    const issues = given.map((path) => ({ path, message: 'expected at most one of before, after and around' }))
    throw new Refusal('bad_request', 'expected at most one of before, after and around', { issues })
  }
  return at === undefined ? { at: 'newest' } : { at, seq: data[at] as number }
}
