import { randomUUID } from 'node:crypto'
import type { ChannelSummary, HistoryPage, Message } from '@arclight/core'
import { LIMITS, type RequestData, requests } from '@arclight/core/protocol'
import { fitting } from '../fitting.ts'
import type { Services } from '../handlers/handler.ts'
import { mentionsOf } from '../handlers/message.ts'
import { Refusal } from '../refusal.ts'
import type { OwnBot } from './own-bot.ts'

/** What a channel's handle works with. */
export interface ServerChannelParts
  extends Pick<Services, 'storage' | 'clock' | 'blocks' | 'standings' | 'channels' | 'channelAdmin' | 'memberships'> {
  readonly bot: OwnBot
  readonly ready: () => Promise<void>
}

/** What the application changes of a channel; what is left out stays. */
export type ServerChannelChange = Omit<RequestData<'channel.update'>, 'channel'>

/** A message of the application's own. */
export interface ServerMessage {
  readonly text: string
  /** The seq of a message of the channel. */
  readonly replyTo?: number | undefined
  /** Ids of users. */
  readonly mentions?: readonly string[] | undefined
  /** Makes a repeat harmless: another message of the author's with it is not stored, and the first one is returned. */
  readonly clientId?: string | undefined
  /** The id of the user or bot whose message it is; the server's own bot unless told. */
  readonly as?: string | undefined
}

/** One channel, for the application. */
export class ServerChannel {
  readonly id: string
  readonly #parts: ServerChannelParts

  constructor(id: string, parts: ServerChannelParts) {
    this.id = id
    this.#parts = parts
  }

  /** The channel as it is now. Throws Refusal `not_found` where there is none. */
  get summary(): ChannelSummary {
    return this.#parts.channels.get(this.id)
  }

  /** Resolves with the stored message. No hook is asked, no rate counted, no slow mode kept. Rejects with Refusal. */
  async send(message: string | ServerMessage): Promise<Message> {
    const { storage, clock, channels, bot, ready } = this.#parts
    await ready()
    const {
      as,
      text,
      replyTo,
      mentions,
      clientId = randomUUID(),
    } = typeof message === 'string' ? { text: message } : message
    const data = fitting(requests['message.send'].request, { channel: this.id, clientId, text, replyTo, mentions })
    if (as !== undefined && (await storage.accounts.get([as])).length === 0) throw Refusal.notFound('user')
    const author = as ?? (await bot.account()).id
    const called = mentionsOf(data, channels.live(this.id), { id: author }, this.#parts)
    const fields = { channel: this.id, author, clientId, text, replyTo, mentions: called, at: clock.wall() }
    return channels.write({ write: 'message', ...fields })
  }

  /** Pages of messages, the newest first; within a page the oldest first. Rejects with Refusal `not_found`. */
  async *history(
    options: { readonly before?: number | undefined; readonly limit?: number | undefined } = {},
  ): AsyncGenerator<HistoryPage, void, undefined> {
    const { storage, ready } = this.#parts
    await ready()
    let { before } = options
    for (let more = true; more; ) {
      const anchor = before === undefined ? ({ at: 'newest' } as const) : ({ at: 'before', seq: before } as const)
      const page = await storage.log.page(this.id, anchor, Math.min(options.limit ?? LIMITS.pageDefault, LIMITS.page))
      if (!page) throw Refusal.notFound('channel')
      yield page
      more = page.hasMoreBefore
      before = page.messages[0]?.seq ?? before
    }
  }

  /** Changes what is given. Resolves with the channel as it is then; rejects with Refusal. */
  async update(change: ServerChannelChange): Promise<ChannelSummary> {
    const { channelAdmin, bot, ready } = this.#parts
    await ready()
    const data = fitting(requests['channel.update'].request, { ...change, channel: this.id })
    return channelAdmin.update(data, await bot.account())
  }

  /** Removes it with everything in it, for ever. Rejects with Refusal. */
  async delete(): Promise<void> {
    const { channelAdmin, bot, ready } = this.#parts
    await ready()
    await channelAdmin.remove(this.id, await bot.account())
  }

  /** Lets a user into a private channel; nothing happens where they are in it. Rejects with Refusal. */
  async addMember(user: string): Promise<void> {
    const { memberships, bot, ready } = this.#parts
    await ready()
    await memberships.add({ channel: this.id, user }, await bot.account())
  }

  /** Takes a user out of a private channel; nothing happens where they are not in it. Rejects with Refusal. */
  async removeMember(user: string): Promise<void> {
    const { memberships, bot, ready } = this.#parts
    await ready()
    await memberships.remove({ channel: this.id, user }, await bot.account())
  }
}
