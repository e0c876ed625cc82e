import type { ChannelSummary, Clock, Message, UserSummary } from '@arclight/core'
import type { LogWrite, MessageAppend, Storage, StoredChannel, StoredPermit } from '@arclight/core/contracts'
import { type ChannelPermission, LIMITS, type LogEntry } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Turn } from '../delivery/turn.ts'
import { textFrame } from '../delivery/websocket-frame.ts'
import { may, type Who } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import { LiveChannel } from './live-channel.ts'
import { LogWriter } from './log-writer.ts'
import { SlowMode } from './slow-mode.ts'

/** What the channels of a node are made of. */
export interface ChannelsParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly turn: Turn
  readonly standings: Pick<Standings, 'who'>
  readonly watcher?: ChannelWatcher
}

/** Who asks: an account, or what else has its id. */
type User = Pick<UserSummary, 'id'>

/** Who hears of what happens to channels, after those who listen to them. */
export interface ChannelWatcher {
  /** A new entry of a channel's log. */
  stored?(entry: LogEntry): void
  /** A channel was made or changed. */
  changed?(channel: ChannelSummary): void
  /** A channel is gone. */
  gone?(channel: string): void
}

/** The channels of this node: their heads, who listens, and the way into their logs. */
export class Channels {
  readonly #storage: Storage
  readonly #turn: Turn
  readonly #standings: Pick<Standings, 'who'>
  readonly #watcher: ChannelWatcher
  readonly #writer: LogWriter
  readonly #slow: SlowMode
  readonly #channels = new Map<string, LiveChannel>()
  /** Those that stand in the order; direct ones do not. */
  #order: LiveChannel[] = []
  readonly #joined = new WeakMap<Outgoing, Set<LiveChannel>>()

  constructor({ storage, clock, turn, standings, watcher = {} }: ChannelsParts) {
    this.#storage = storage
    this.#turn = turn
    this.#standings = standings
    this.#watcher = watcher
    this.#slow = new SlowMode(clock)
    this.#writer = new LogWriter(storage.log, (entry) => {
      this.#announce(entry)
      watcher.stored?.(entry)
    })
  }

  /** `permits`: what they allow and deny roles and users. */
  async load(permits: readonly StoredPermit[]): Promise<void> {
    this.#channels.clear()
    this.#order = []
    for (const stored of await this.#storage.channels.list()) this.#place(stored)
    for (const { channel, ...permit } of permits) this.#channels.get(channel)?.setPermit(permit)
  }

  /** In their order, direct ones behind the others. */
  list(): ChannelSummary[] {
    return this.#all().map(({ summary }) => summary)
  }

  /** Those that the user may read, in their order, direct ones behind the others. */
  readableBy(user: User): ChannelSummary[] {
    return readable(this.#all(), this.#standings.who(user.id))
  }

  /** As `readableBy`, without the direct ones, which have no place in the order. */
  orderFor(user: User): ChannelSummary[] {
    return readable(this.#order, this.#standings.who(user.id))
  }

  /** The channel, for a user who may do that with it. Throws `not_found` where they may not even read it, `forbidden` else. */
  allowed(id: string, user: User, to: ChannelPermission): LiveChannel {
    const [channel, who] = [this.#get(id), this.#standings.who(user.id)]
    if (!may(who, { to: 'read', channel })) throw Refusal.notFound('channel')
    if (may(who, { to, channel })) return channel
    throw new Refusal('forbidden', channel.summary.archived ? 'the channel is archived' : 'you may not do that here')
  }

  /**
   * What `read` finds of the channel, for a user who may read it, and still may when it was found. Throws `not_found`.
   */
  async reading<Found>(id: string, user: User, read: () => Promise<Found | undefined>): Promise<Found> {
    this.allowed(id, user, 'read')
    const found = await read()
    this.allowed(id, user, 'read')
    if (found === undefined) throw Refusal.notFound('channel')
    return found
  }

  /** Whether there is such a channel and the user may do that with it. */
  allows(id: string, user: User, to: ChannelPermission): boolean {
    const channel = this.#channels.get(id)
    return channel !== undefined && may(this.#standings.who(user.id), { to, channel })
  }

  /** A channel was made or changed: it is as it was stored from here on. A new one stands last in the order. */
  adopt(stored: StoredChannel): LiveChannel {
    const known = this.#channels.get(stored.id)
    if (known) known.replace(stored)
    const channel = known ?? this.#place(stored)
    this.#watcher.changed?.(channel.summary)
    return channel
  }

  /** Somebody is in the channel from here on. */
  admit(channel: LiveChannel, user: UserSummary): void {
    channel.admit(user)
    this.#watcher.changed?.(channel.summary)
  }

  /** Somebody is not in the channel any more. */
  expel(channel: LiveChannel, user: string): void {
    channel.expel(user)
    this.#watcher.changed?.(channel.summary)
  }

  /** A user is another than before, wherever they are a member. */
  renew(user: UserSummary): void {
    for (const channel of this.#channels.values()) channel.renew(user)
  }

  /** The channel stands before another one from here on; last for null, and where there is no such other. */
  move(id: string, before: string | null): void {
    const rest = this.#order.filter(({ summary }) => summary.id !== id)
    const at = rest.findIndex(({ summary }) => summary.id === before)
    this.#order = rest.toSpliced(at < 0 ? rest.length : at, 0, this.#get(id))
  }

  /** Nobody has that role any more. */
  forgetRole(role: string): void {
    for (const channel of this.#channels.values()) channel.forgetRole(role)
  }

  /** The channel is gone: nobody hears of it any more. */
  forget(id: string): void {
    const channel = this.#channels.get(id)
    if (!channel) return
    for (const outgoing of [...channel.feed.listeners]) this.leave(id, outgoing)
    this.#channels.delete(id)
    this.#order = this.#order.filter((one) => one !== channel)
    this.#watcher.gone?.(id)
  }

  /** Throws `not_found`. */
  get(id: string): ChannelSummary {
    return this.#get(id).summary
  }

  /** The channel with who is in it, whoever asks. Throws `not_found`. */
  live(id: string): LiveChannel {
    return this.#get(id)
  }

  has(id: string): boolean {
    return this.#channels.has(id)
  }

  /** Starts the connection's live traffic; returns where it starts. */
  join(id: string, outgoing: Outgoing): ChannelSummary {
    const channel = this.#get(id)
    const joined = this.#joined.get(outgoing) ?? new Set()
    this.#joined.set(outgoing, joined)
    if (joined.size >= LIMITS.joinedChannels && !joined.has(channel)) {
      throw new Refusal('rate_limited', `at most ${LIMITS.joinedChannels} channels at a time`)
    }
    joined.add(channel)
    channel.feed.add(outgoing)
    return channel.summary
  }

  leave(id: string, outgoing: Outgoing): void {
    const channel = this.#get(id)
    channel.feed.remove(outgoing)
    this.#joined.get(outgoing)?.delete(channel)
    outgoing.forgetChannel(id)
  }

  /** Who listens to the channel; nobody where there is none. */
  listeners(id: string): Iterable<Outgoing> {
    return this.#channels.get(id)?.feed.listeners ?? []
  }

  /** The connection is gone. */
  leaveAll(outgoing: Outgoing): void {
    for (const channel of this.#joined.get(outgoing) ?? []) channel.feed.remove(outgoing)
    this.#joined.delete(outgoing)
  }

  /** Resolves with the message once it is durable. Throws Refusal. */
  write(write: LogWrite): Promise<Message> {
    this.#get(write.channel)
    return this.#writer.append(write)
  }

  /** A message of somebody's, in slow mode only when they may write again. As `allowed` and `write`. */
  async send(append: MessageAppend, user: User): Promise<Message> {
    const { slowModeMs = 0 } = this.allowed(append.channel, user, 'send').summary
    const interval = slowModeMs > 0 && !this.allows(append.channel, user, 'manageChannel') ? slowModeMs : 0
    if (interval === 0) return this.#writer.append(append)
    const retryAfterMs = this.#slow.begin(append.channel, user.id, interval)
    if (retryAfterMs > 0) return this.#repeat(append, retryAfterMs)
    try {
      return await this.#writer.append(append)
    } finally {
      this.#slow.end(append.channel, user.id)
    }
  }

  /** It is too early for a message, but not for the repeat of one: behind itself only what is stored is taken. */
  async #repeat(append: MessageAppend, retryAfterMs: number): Promise<Message> {
    try {
      return await this.#writer.append({ ...append, after: append.clientId })
    } catch (error) {
      if (!(error instanceof Refusal) || error.body.code !== 'out_of_order') throw error
      throw new Refusal('rate_limited', 'the channel is slow: wait before you write again', { retryAfterMs })
    }
  }

  #place(stored: StoredChannel): LiveChannel {
    const channel = new LiveChannel(stored, this.#turn)
    this.#channels.set(stored.id, channel)
    if (stored.kind !== 'direct') this.#order.push(channel)
    return channel
  }

  #all(): LiveChannel[] {
    const direct = [...this.#channels.values()].filter(({ summary }) => summary.kind === 'direct')
    return [...this.#order, ...direct]
  }

  #announce(entry: LogEntry): void {
    const channel = this.#channels.get(entry.channel)
    if (!channel) return
    channel.advance(entry)
    if (channel.summary.slowModeMs !== undefined && entry.type === 'message.created') {
      this.#slow.stored(entry.channel, entry.data.message.author.id)
    }
    channel.feed.push(entry.seq, () => textFrame(JSON.stringify(entry)))
  }

  #get(id: string): LiveChannel {
    const channel = this.#channels.get(id)
    if (!channel) throw Refusal.notFound('channel')
    return channel
  }
}

function readable(channels: readonly LiveChannel[], who: Who): ChannelSummary[] {
  return channels.filter((channel) => may(who, { to: 'read', channel })).map(({ summary }) => summary)
}
