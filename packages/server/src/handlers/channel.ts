import type { Caller, Handler } from './handler.ts'

export const list: Handler<'channel.list', Caller> = (_data, { identity }, { channels }) => ({
  channels: channels.readableBy(identity.account.id),
})

export const join: Handler<'channel.join', Caller> = (data, { identity, outgoing }, { channels }) => {
  channels.allowed(data.channel, identity.account.id, 'read')
  return { channel: channels.join(data.channel, outgoing) }
}

export const leave: Handler<'channel.leave', Caller> = (data, caller, { channels }) => {
  channels.leave(data.channel, caller.outgoing)
  return {}
}
