import type { Account } from '@arclight/core'
import type { LogWrite, PageAnchor } from '@arclight/core/contracts'
import { LIMITS, type RequestData } from '@arclight/core/protocol'
import type { LiveChannel } from '../channels/live-channel.ts'
import { may } from '../permissions/may.ts'
import { Refusal } from '../refusal.ts'
import type { Author, Caller, Handler, Services } from './handler.ts'

// The fields are named: what zod has checked is slow to spread, and what comes of that is slow to clone to the store.
export const send: Handler<'message.send', Author> = async (data, { identity }, services) => {
  const { account } = identity
  const { blocks, channels, clock } = services
  const { channel, clientId, text, after, replyTo, attachments } = data
  const place = channels.allowed(channel, account, 'send')
  blocks.checkChannel(place, account.id)
  const mentions = mentionsOf(data, place, account, services)
  if (attachments !== undefined) channels.allowed(channel, account, 'attach')
  const fields = {
    channel,
    author: account.id,
    clientId,
    text,
    after,
    replyTo,
    mentions,
    attachments,
    at: clock.wall(),
  }
  return { message: await channels.send({ write: 'message', ...fields }, account) }
}

export const edit: Handler<'message.edit', Caller> = async (data, caller, services) => {
  const { account } = caller.identity
  const { blocks, channels } = services
  const channel = channels.allowed(data.channel, account, 'send')
  blocks.checkChannel(channel, account.id)
  const mentions = mentionsOf(data, channel, account, services)
  return change({ write: 'edit', ...data, mentions }, caller, services)
}

export const remove: Handler<'message.delete', Caller> = async (data, caller, services) => {
  const { account } = caller.identity
  const { channels } = services
  const anyAuthor = channels.allows(data.channel, account, 'moderate')
  if (!anyAuthor) channels.allowed(data.channel, account, 'send')
  return change({ write: 'deletion', ...data, anyAuthor }, caller, services)
}

export const react: Handler<'message.react', Caller> = async (data, caller, services) => {
  const { account } = caller.identity
  const channel = services.channels.allowed(data.channel, account, 'react')
  if (data.on) services.blocks.checkChannel(channel, account.id)
  return change({ write: 'reaction', ...data }, caller, services)
}

export const pin: Handler<'message.pin', Caller> = async (data, caller, services) => {
  const { account } = caller.identity
  const channel = services.channels.allowed(data.channel, account, 'pin')
  if (data.on) services.blocks.checkChannel(channel, account.id)
  return change({ write: 'pin', ...data }, caller, services)
}

export const pins: Handler<'message.pins', Caller> = async ({ channel }, { identity }, { channels, storage }) => {
  return { messages: [...(await channels.reading(channel, identity.account, () => storage.log.pins(channel)))] }
}

export const reactors: Handler<'message.reactors', Caller> = async (data, { identity }, { channels, storage }) => {
  const { channel, seq, limit = LIMITS.page, ...page } = data
  const { users, hasMore } = await channels.reading(channel, identity.account, () => {
    return storage.log.reactors({ channel, seq }, { ...page, limit })
  })
  return { users: [...users], hasMore }
}

export const page: Handler<'history.page', Caller> = async (data, { identity }, { channels, storage }) => {
  const anchor = anchorOf(data)
  return await channels.reading(data.channel, identity.account, () => {
    return storage.log.page(data.channel, anchor, data.limit ?? LIMITS.pageDefault)
  })
}

export const read: Handler<'log.read', Caller> = async (data, { identity }, { channels, storage }) => {
  const found = await channels.reading(data.channel, identity.account, () => {
    return storage.log.read(data.channel, data.after, data.limit ?? LIMITS.page)
  })
  return { ...found, entries: [...found.entries] }
}

/** A write that changes a message, without who does it and when. */
type Unsigned<Write = Exclude<LogWrite, { write: 'message' }>> = Write extends LogWrite
  ? Omit<Write, 'actor' | 'at'>
  : never

async function change(write: Unsigned, { identity }: Caller, { channels, clock }: Services) {
  return { message: await channels.write({ ...write, actor: identity.account.id, at: clock.wall() }) }
}

/**
 * Those of the named who may read the channel and have not blocked the author, each once. Nothing is waited for, so that messages keep the order of their
 * connection; who does not exist is left out where the message is stored.
 */
export function mentionsOf(
  { mentions = [] }: Pick<RequestData<'message.send'>, 'mentions'>,
  channel: LiveChannel,
  { id: author }: Pick<Account, 'id'>,
  { blocks, standings }: Pick<Services, 'blocks' | 'standings'>,
): string[] {
  return [...new Set(mentions)].filter(
    (user) => may(standings.who(user), { to: 'read', channel }) && !blocks.has(user, author),
  )
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
