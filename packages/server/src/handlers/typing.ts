import type { Caller, Handler } from './handler.ts'

export const set: Handler<'typing.set', Caller> = (data, { identity, outgoing }, { blocks, channels, typing }) => {
  const { account } = identity
  blocks.checkChannel(channels.allowed(data.channel, account, 'send'), account.id)
  typing.set(data.channel, { account, outgoing }, data.typing)
  return {}
}
