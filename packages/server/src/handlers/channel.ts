import type { Caller, Handler } from './handler.ts'

export const list: Handler<'channel.list', Caller> = (_data, _caller, { channels }) => ({ channels: channels.list() })

export const join: Handler<'channel.join', Caller> = (data, caller, { channels }) => ({
  channel: channels.join(data.channel, caller.outgoing),
})

export const leave: Handler<'channel.leave', Caller> = (data, caller, { channels }) => {
  channels.leave(data.channel, caller.outgoing)
  return {}
}
