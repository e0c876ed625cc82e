import type { ReplyData, RequestData } from '@arclight/core/protocol'
import type { ServerContext } from './context.ts'
import { OPUS } from './media.ts'
import type { Peer, PeerOptions } from './peer.ts'

/** Enters the voice channel, on a device of its own unless told. */
export function enter(
  context: ServerContext,
  peer: Peer,
  state: { muted?: boolean; deafened?: boolean; device?: string } = {},
): Promise<ReplyData<'voice.join'>> {
  const { muted = false, deafened = false, device = context.unique() } = state
  return peer.ask('voice.join', { channel: context.voice.id, device, muted, deafened })
}

/** The first user, in the voice channel to hear. */
export async function listen(context: ServerContext, options: PeerOptions = {}): Promise<Peer> {
  const peer = await context.signIn(1, { name: 'listener', ...options })
  await enter(context, peer)
  return peer
}

/** What publishes a microphone to the voice channel. */
export function publish(context: ServerContext, key = 'microphone'): RequestData<'track.publish'> {
  return { key, format: OPUS, to: { channel: context.voice.id } }
}

/** One of the users, in the voice channel to talk. */
export async function talk(
  context: ServerContext,
  number: 1 | 2,
): Promise<{ peer: Peer; member: string; track: number; device: string }> {
  const peer = await context.signIn(number, { name: 'speaker' })
  const device = context.unique()
  const { member } = await enter(context, peer, { device })
  const { track } = await peer.ask('track.publish', publish(context))
  return { peer, member, track, device }
}
