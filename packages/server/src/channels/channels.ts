import type { ChannelSummary, Message } from '@arclight/core'
import type { MessageAppend, Storage } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import { textFrame } from '../delivery/websocket-frame.ts'
import { may, type Wish } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { LogWriter } from './log-writer.ts'

type ChannelWish = Extract<Wish, { channel: unknown }>['to']

interface LiveChannel {
  summary: ChannelSummary
  readonly listeners: Set<Outgoing>
}

/** The channels of this node: their heads, who listens, and the way into their logs. */
export class Channels {
  readonly #storage: Storage
  readonly #writer: LogWriter
  readonly #channels = new Map<string, LiveChannel>()
  readonly #joined = new WeakMap<Outgoing, Set<LiveChannel>>()

  constructor(storage: Storage, stored: (message: Message) => void = () => {}) {
    this.#storage = storage
    this.#writer = new LogWriter(storage.log, (message) => {
      this.#announce(message)
      stored(message)
    })
  }

  async load(): Promise<void> {
    for (const summary of await this.#storage.channels.list()) {
      this.#channels.set(summary.id, { summary, listeners: new Set() })
    }
  }

  list(): ChannelSummary[] {
    return [...this.#channels.values()].map(({ summary }) => summary)
  }

  /** Those that the user may read. */
  readableBy(user: string): ChannelSummary[] {
    return this.list().filter((channel) => may(user, { to: 'read', channel }))
  }

  /** The channel, for a user who may do that with it. Throws `not_found`. */
  allowed(id: string, user: string, to: ChannelWish): ChannelSummary {
    const channel = this.get(id)
    if (!may(user, { to, channel })) throw Refusal.notFound('channel')
    return channel
  }

  /** Whether there is such a channel and the user may do that with it. */
  allows(id: string, user: string, to: ChannelWish): boolean {
    return this.has(id) && may(user, { to, channel: this.get(id) })
  }

  /** Throws `not_found`. */
  get(id: string): ChannelSummary {
    return this.#get(id).summary
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
    channel.listeners.add(outgoing)
    return channel.summary
  }

  leave(id: string, outgoing: Outgoing): void {
    const channel = this.#get(id)
    channel.listeners.delete(outgoing)
    this.#joined.get(outgoing)?.delete(channel)
    outgoing.forgetChannel(id)
  }

  /** Who listens to the channel; nobody where there is none. */
  listeners(id: string): Iterable<Outgoing> {
    return this.#channels.get(id)?.listeners ?? []
  }

  /** The connection is gone. */
  leaveAll(outgoing: Outgoing): void {
    for (const channel of this.#joined.get(outgoing) ?? []) channel.listeners.delete(outgoing)
    this.#joined.delete(outgoing)
  }

  /** Resolves with the stored message once it is durable. */
  send(message: MessageAppend): Promise<Message> {
    this.#get(message.channel)
    return this.#writer.append(message)
  }

  #announce(message: Message): void {
    const channel = this.#channels.get(message.channel)
    if (!channel) return
    channel.summary = { ...channel.summary, head: message.seq }
    if (channel.listeners.size === 0) return
    const { channel: id, seq } = message
    const frame = textFrame(JSON.stringify({ type: 'message.created', channel: id, seq, data: { message } }))
    for (const listener of channel.listeners) listener.durable(id, seq, frame)
  }

  #get(id: string): LiveChannel {
    const channel = this.#channels.get(id)
    if (!channel) throw Refusal.notFound('channel')
    return channel
  }
}
