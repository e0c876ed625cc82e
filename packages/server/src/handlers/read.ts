import type { StoredMarker } from '@arclight/core/contracts'
import type { ChannelSummary, ReadMarker } from '@arclight/core/protocol'
import type { Caller, Handler } from './handler.ts'

export const mark: Handler<'read.mark', Caller> = async (data, { identity, outgoing }, services) => {
  const { channels, live, storage } = services
  const { account } = identity
  const stored = await channels.reading(data.channel, account, () => {
    return storage.reads.mark(account.id, data.channel, data.seq)
  })
  const read = markerOf(stored, channels.get(data.channel))
  if (!stored.moved) return { read }
  const changed = { type: 'read.changed', data: { channel: data.channel, read } }
  for (const other of live.ofUser(account.id)) {
    if (other.outgoing !== outgoing) other.outgoing.state(`read ${data.channel}`, () => changed)
  }
  return { read }
}

/** A marker as its user is shown it; of a channel never read without one. */
export function markerOf(
  { seq = 0, ordinal = 0, mentions = 0 }: Partial<StoredMarker>,
  { messages = 0 }: Pick<ChannelSummary, 'messages'>,
): ReadMarker {
  // What was stored a moment ago may be read before this node has heard of it.
  return { seq, ordinal, unread: Math.max(0, messages - ordinal), mentions }
}
