import { LIMITS } from '@arclight/core/protocol'
import type { Caller, Handler } from './handler.ts'

export const search: Handler<'message.search', Caller> = async (data, { identity }, { channels, storage }) => {
  const { account } = identity
  const { channel, limit = LIMITS.pageDefault, ...wanted } = data
  const readable =
    channel === undefined ? channels.readableBy(account) : [channels.allowed(channel, account, 'read').summary]
  const found = await storage.log.search({ ...wanted, channels: readable.map(({ id }) => id), limit })
  // A channel may have been taken away meanwhile.
  const messages = found.messages.filter((message) => channels.allows(message.channel, account, 'read'))
  return { messages, ...(found.next === undefined ? {} : { next: found.next }) }
}
