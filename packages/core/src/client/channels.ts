import type { ChannelSummary, Cursor } from '../protocol/channel.ts'
import type { EventEnvelope } from '../protocol/envelope.ts'
import type { EventData } from '../protocol/events.ts'
import { Channel } from './channel.ts'
import type { Connection } from './connection.ts'
import type { Sender } from './sender.ts'

/** The channels: what there is, and a handle for each. */
export class Channels {
  readonly #parts: { connection: Connection; sender: Sender; createId: () => string }
  readonly #handles = new Map<string, Channel>()

  constructor(parts: { connection: Connection; sender: Sender; createId: () => string }) {
    this.#parts = parts
  }

  /** The channels that this user may read, in their order. */
  async list(options: { signal?: AbortSignal } = {}): Promise<readonly ChannelSummary[]> {
    return (await this.#parts.connection.request('channel.list', {}, options)).channels
  }

  /** The handle of a channel; the same one each time. Whether the channel exists shows when it is used. */
  get(id: string): Channel {
    const known = this.#handles.get(id)
    if (known) return known
    const handle = new Channel(id, this.#parts)
    this.#handles.set(id, handle)
    return handle
  }

  /** For the resume: how far each joined channel got. */
  cursors(): Record<string, Cursor> {
    const cursors: Record<string, Cursor> = {}
    for (const [id, { cursor }] of this.#handles) if (cursor) cursors[id] = cursor
    return cursors
  }

  wentLive(resumed: Readonly<Record<string, { epoch: string; head: number } | 'gone'>>): void {
    for (const [id, handle] of this.#handles) handle.wentLive(resumed[id])
  }

  receive(event: EventEnvelope & { channel: string }): void {
    this.#handles.get(event.channel)?.receive(event)
  }

  lagging({ channel, seq }: EventData<'channel.lagging'>): void {
    this.#handles.get(channel)?.lagging(seq)
  }
}
