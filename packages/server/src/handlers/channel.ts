import type { Caller, Handler } from './handler.ts'
import { markerOf } from './read.ts'

export const list: Handler<'channel.list', Caller> = async (_data, { identity }, { channels, storage }) => {
  const { account } = identity
  const ids = channels.readableBy(account).map(({ id }) => id)
  const markers = new Map((await storage.reads.markers(account.id, ids)).map((marker) => [marker.channel, marker]))
  // As they are now: what has come meanwhile is unread.
  const readable = channels.readableBy(account)
  return {
    channels: readable.map((channel) => ({ ...channel, read: markerOf(markers.get(channel.id) ?? {}, channel) })),
  }
}

export const join: Handler<'channel.join', Caller> = (data, { identity, outgoing }, { channels, typing }) => {
  channels.allowed(data.channel, identity.account, 'read')
  const channel = channels.join(data.channel, outgoing)
  typing.welcome(data.channel, outgoing)
  return { channel }
}

export const leave: Handler<'channel.leave', Caller> = (data, { identity, outgoing }, { channels }) => {
  channels.allowed(data.channel, identity.account, 'read')
  channels.leave(data.channel, outgoing)
  return {}
}

export const create: Handler<'channel.create', Caller> = async (data, { identity }, { channelAdmin }) => {
  return { channel: await channelAdmin.create(data, identity.account) }
}

export const update: Handler<'channel.update', Caller> = async (data, { identity }, { channelAdmin }) => {
  return { channel: await channelAdmin.update(data, identity.account) }
}

export const remove: Handler<'channel.delete', Caller> = async (data, { identity }, { channelAdmin }) => {
  await channelAdmin.remove(data.channel, identity.account)
  return {}
}
