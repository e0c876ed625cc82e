import type { Message, ReplyData } from '@arclight/core/protocol'
import type { ServerContext } from './context.ts'
import type { Peer } from './peer.ts'

type Entry = ReplyData<'log.read'>['entries'][number]

/** More than any page of the protocol. */
const FILLED = 105
/** Of one user at a time; the rate of message.send lets them pass. */
const BATCH = 20

/** Everything in a channel's log above `after`, as it is now. */
export async function readLog(peer: Peer, channel: string, after: number): Promise<Entry[]> {
  const all: Entry[] = []
  for (let from = after; ; ) {
    const { entries, head } = await peer.ask('log.read', { channel, after: from, limit: 100 })
    all.push(...entries)
    const last = entries.at(-1)?.seq
    if (last === undefined || last >= head) return all
    from = last
  }
}

/** The messages in a channel's log above `after`: what a history page is held against. */
export async function readMessages(peer: Peer, channel: string, after: number): Promise<Message[]> {
  const entries = await readLog(peer, channel, after)
  return entries.flatMap((entry) => ('data' in entry ? [entry.data.message] : []))
}

/** Sees to it that the text channel's log has more entries than a page holds; the first case that asks writes them. */
export function fillLog(context: ServerContext, peer: Peer): Promise<unknown> {
  const { shared } = context.target
  const filled = shared.get('log') ?? fill(context, peer)
  shared.set('log', filled)
  return filled
}

async function fill(context: ServerContext, peer: Peer): Promise<void> {
  const channel = context.text.id
  for (;;) {
    const { head } = await peer.ask('log.read', { channel, after: 0, limit: 1 })
    if (head >= FILLED) return
    const ids = Array.from({ length: Math.min(BATCH, FILLED - head) }, () => context.unique())
    await Promise.all(
      ids.map((clientId) => peer.ask('message.send', { channel, clientId, text: 'conformance: one of many' })),
    )
  }
}
