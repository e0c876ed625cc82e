import type { ChannelSummary, Cursor, ListedChannel } from '../../protocol/channel.ts'
import type { EventEnvelope } from '../../protocol/envelope.ts'
import type { EventData } from '../../protocol/events.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import { Emitter, type Listenable, type Unsubscribe } from '../emitter.ts'
import { insist } from '../insist.ts'
import { type CallOptions, Channel } from './channel.ts'
import { ChannelFeed, type ChannelParts } from './feed.ts'
import type { LogHead } from './live-log.ts'

/** What the channels of a user tell. */
export interface ChannelsEvents {
  /** A channel was made or changed, or has become this user's to read. One that was not known is last in the order. */
  changed: ChannelSummary
  /** The order is another: the ids of all channels that stand in it, which direct ones do not. */
  ordered: { channels: readonly string[] }
  /** A channel is gone, or no longer this user's to read. */
  removed: { channel: string }
  /** Reading the list anew failed, and is tried again at the next connection. */
  stalled: unknown
}

type List = ReplyData<'channel.list'>
type News = Map<string, ChannelSummary | undefined>
/** Stands among the ids in the news for the order; no channel has it. */
const ORDER = ''

/**
 * The channels: what there is, and a handle for each. While somebody listens here, or for what a channel has unread, the
 * list is read anew after each reconnect, and what has changed meanwhile is told.
 */
export class Channels implements Listenable<ChannelsEvents> {
  readonly #parts: ChannelParts
  readonly #emitter = new Emitter<ChannelsEvents>()
  readonly #handles = new Map<string, { readonly channel: Channel; readonly feed: ChannelFeed }>()
  #known = new Map<string, ListedChannel>()
  /** The ids of the channels that stand in the order; undefined before the list was read, so that all are known. */
  #order: readonly string[] | undefined
  /** For each list that is on its way, what there was news of meanwhile; undefined for a channel that was removed. */
  readonly #reading = new Set<News>()
  /** A list that is about to be asked for. */
  #refreshing: Promise<unknown> | undefined

  constructor(parts: Omit<ChannelParts, 'summary' | 'refresh'>) {
    this.#parts = { ...parts, summary: (id) => this.#known.get(id), refresh: () => this.#refresh() }
  }

  on<Name extends keyof ChannelsEvents>(name: Name, listener: (event: ChannelsEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** The channels that this user may read, in their order. */
  list({ signal }: CallOptions = {}): Promise<readonly ListedChannel[]> {
    return this.#read((take) => this.#parts.connection.request('channel.list', {}, { signal, take }))
  }

  /** The handle of a channel; the same one each time. Whether the channel exists shows when it is used. */
  get(id: string): Channel {
    return this.#handle(id).channel
  }

  /** Makes a channel, last in the order: the owner's. */
  async create(channel: RequestData<'channel.create'>, options?: CallOptions): Promise<Channel> {
    return this.#made(await this.#parts.connection.request('channel.create', channel, options))
  }

  /**
   * The direct channel with one other user, always the same; or a group with 2–9 others, a new one for each call and for
   * each `clientId` that is given: with one a call that rejected as `unknown` can be made again.
   */
  async direct(
    users: readonly string[],
    { clientId = this.#parts.createId(), signal }: CallOptions & { readonly clientId?: string | undefined } = {},
  ): Promise<Channel> {
    const data = { users: [...users], clientId: users.length > 1 ? clientId : undefined }
    return this.#made(await insist(this.#parts.connection, 'direct.open', data, { signal }))
  }

  /** For the resume: how far each joined channel got. */
  cursors(): Record<string, Cursor> {
    const cursors: Record<string, Cursor> = {}
    for (const [id, { feed }] of this.#handles) if (feed.log.cursor) cursors[id] = feed.log.cursor
    return cursors
  }

  wentLive(resumed: Readonly<Record<string, LogHead | 'gone'>>): void {
    for (const [id, { feed }] of this.#handles) feed.log.wentLive(resumed[id])
    const listens = TOLD.some((name) => this.#emitter.listenerCount(name) > 0)
    if (listens || [...this.#handles.values()].some(({ feed }) => feed.countsUnread)) this.#refresh()
  }

  suspend(): void {
    for (const { feed } of this.#handles.values()) feed.suspend()
  }

  /** Another user is signed in. */
  forget(): void {
    this.#known.clear()
    this.#order = undefined
    for (const { feed } of this.#handles.values()) feed.forget()
  }

  receive(event: EventEnvelope & { channel: string }): void {
    this.#handles.get(event.channel)?.feed.log.receive(event)
  }

  lagging({ channel, seq }: EventData<'channel.lagging'>): void {
    this.#handles.get(channel)?.feed.log.lagging(seq)
  }

  changed({ channel }: EventData<'channel.changed'>): void {
    this.#learn(channel.id, channel)
    this.#emitter.emit('changed', channel)
  }

  ordered({ channels }: EventData<'channel.ordered'>): void {
    for (const news of this.#reading) news.set(ORDER, undefined)
    this.#order &&= channels
    this.#emitter.emit('ordered', { channels })
  }

  removed({ channel }: EventData<'channel.removed'>): void {
    this.#learn(channel, undefined)
    this.#remove(channel)
  }

  marked({ channel, read }: EventData<'read.changed'>): void {
    const known = this.#known.get(channel)
    if (known) this.#known.set(channel, { ...known, read })
    this.#handles.get(channel)?.feed.reader.marked(read)
  }

  typed({ channel, users }: EventData<'typing.changed'>): void {
    this.#handles.get(channel)?.feed.typed(users)
  }

  #handle(id: string): { readonly channel: Channel; readonly feed: ChannelFeed } {
    const known = this.#handles.get(id)
    if (known) return known
    const feed = new ChannelFeed(id, this.#parts)
    const handle = { channel: new Channel(id, feed, this.#parts), feed }
    this.#handles.set(id, handle)
    const read = this.#known.get(id)?.read
    if (read) feed.reader.marked(read)
    return handle
  }

  /** Reads the list anew, once for all who want it at one time. */
  #refresh(): void {
    const { connection } = this.#parts
    if (this.#refreshing || connection.state.name !== 'live') return
    this.#refreshing = Promise.resolve()
      .then(() => {
        this.#refreshing = undefined
        return this.#read((take) => connection.persist('channel.list', {}, { take }))
      })
      .catch((error) => this.#emitter.emit('stalled', error))
  }

  async #read(ask: (take: (list: List) => void) => Promise<List>): Promise<readonly ListedChannel[]> {
    const news: News = new Map()
    this.#reading.add(news)
    try {
      return (await ask(({ channels }) => this.#listed(channels, news))).channels
    } finally {
      this.#reading.delete(news)
    }
  }

  #made({ channel }: { channel: ChannelSummary }): Channel {
    this.#learn(channel.id, channel)
    return this.get(channel.id)
  }

  /** There is news of a channel; undefined where it is gone. */
  #learn(id: string, channel: ChannelSummary | undefined): void {
    for (const news of this.#reading) news.set(id, channel)
    if (!channel) return
    const known = this.#known.get(id)
    this.#known.set(id, known?.read ? { ...channel, read: known.read } : channel)
    if (!known && channel.kind !== 'direct') this.#order &&= [...this.#order, id]
    this.#handles.get(id)?.feed.log.back()
  }

  #remove(channel: string): void {
    this.#known.delete(channel)
    this.#order &&= this.#order.filter((id) => id !== channel)
    this.#handles.get(channel)?.feed.log.lose()
    this.#emitter.emit('removed', { channel })
  }

  /** A list came; what there was news of while it was on its way is newer. */
  #listed(channels: readonly ListedChannel[], news: News): void {
    const before = this.#known
    this.#known = new Map(before)
    for (const channel of channels) {
      const { id, read } = channel
      if (read) this.#handles.get(id)?.feed.reader.marked(read)
      if (news.has(id)) continue
      this.#known.set(id, channel)
      this.#handles.get(id)?.feed.log.back()
      if (this.#order && lookOf(before.get(id)) !== lookOf(channel)) this.#emitter.emit('changed', channel)
    }
    const listed = new Set(channels.map(({ id }) => id))
    for (const id of before.keys()) if (!listed.has(id) && !news.has(id)) this.#remove(id)
    const order = channels.filter(({ kind }) => kind !== 'direct').map(({ id }) => id)
    if (!news.has(ORDER) || !this.#order) this.#listedOrder(order)
  }

  /** A channel that was not known is last: only another order than that is told. */
  #listedOrder(order: readonly string[]): void {
    const known = this.#order
    this.#order = order
    if (!known) return
    const expected = [...known.filter((id) => order.includes(id)), ...order.filter((id) => !known.includes(id))]
    if (expected.join() !== order.join()) this.#emitter.emit('ordered', { channels: order })
  }
}

const TOLD = ['changed', 'ordered', 'removed'] as const

/** What of a channel is worth telling: not how far it goes. */
function lookOf(channel: ListedChannel | undefined): string {
  const { head, messages, epoch, read, ...look } = channel ?? ({} as Partial<ListedChannel>)
  return JSON.stringify(Object.entries(look).sort())
}
