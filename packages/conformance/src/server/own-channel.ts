import type { ChannelSummary, RequestData } from '@arclight/core/protocol'
import type { ServerContext } from './context.ts'
import type { Peer } from './peer.ts'

/** Of cases that change what everybody sees of the server's channels. */
export const OWN_CHANNELS = { needs: ['channels'], pace: 'alone' } as const

/** Runs `use` with a channel of the case's own, which is deleted in the end. */
export async function withChannel(
  { context, owner }: { readonly context: ServerContext; readonly owner: Peer },
  data: Omit<RequestData<'channel.create'>, 'name' | 'kind'> & { readonly kind?: 'text' | 'voice' },
  use: (channel: ChannelSummary) => Promise<void>,
): Promise<void> {
  const { channel } = await owner.ask('channel.create', { kind: 'text', ...data, name: context.unique() })
  try {
    await use(channel)
  } finally {
    await owner.request('channel.delete', { channel: channel.id })
  }
}

/** Ids of the caller's channels that stand in the order, as `channel.list` has them. */
export async function orderOf(peer: Peer): Promise<string[]> {
  const { channels } = await peer.ask('channel.list', {})
  return channels.filter(({ kind }) => kind !== 'direct').map(({ id }) => id)
}

/** Everything that can be asked of a channel by whoever knows its id. */
export function requestsOf(context: ServerContext, channel: string): [type: string, data: object][] {
  const voice: [type: string, data: object][] = [
    ['voice.join', { channel, device: context.unique(), muted: false, deafened: false }],
    ['voice.leave', { channel }],
  ]
  return [
    ...(context.target.capabilities.has('voice') ? voice : []),
    ['channel.join', { channel }],
    ['channel.leave', { channel }],
    ['channel.update', { channel, topic: 'conformance' }],
    ['channel.delete', { channel }],
    ['member.list', { channel }],
    ['member.add', { channel, user: context.account().id }],
    ['member.remove', { channel, user: context.account().id }],
    ['log.read', { channel, after: 0 }],
    ['history.page', { channel }],
    ['message.send', { channel, clientId: context.unique(), text: 'conformance: not here' }],
  ]
}
