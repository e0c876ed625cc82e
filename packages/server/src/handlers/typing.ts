import type { Caller, Handler } from './handler.ts'

export const set: Handler<'typing.set', Caller> = (data, { identity, outgoing }, { channels, typing }) => {
  const { account } = identity
  channels.allowed(data.channel, account, 'send')
  typing.set(data.channel, { account, outgoing }, data.typing)
  return {}
}
