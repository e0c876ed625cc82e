import type { ChannelSummary } from '@arclight/core'
import { type RequestData, requests } from '@arclight/core/protocol'
import type { Bots } from '../accounts/bots.ts'
import { fitting } from '../fitting.ts'
import { OwnBot } from './own-bot.ts'
import { ServerChannel, type ServerChannelParts } from './server-channel.ts'

/** The channels as the application around the server uses them. It acts for the owner: no permission stands in its way. */
export class ServerChannels {
  readonly #parts: ServerChannelParts

  /** `ready` resolves once the server is open. */
  constructor(parts: Omit<ServerChannelParts, 'bot'> & { readonly bots: Bots; readonly botName: string }) {
    this.#parts = { ...parts, bot: new OwnBot({ ...parts, name: parts.botName }) }
  }

  /** Every channel in the order, direct ones behind the others. */
  async list(): Promise<ChannelSummary[]> {
    await this.#parts.ready()
    return this.#parts.channels.list()
  }

  /** A channel by its id, which need not exist yet. */
  get(id: string): ServerChannel {
    return new ServerChannel(id, this.#parts)
  }

  /** Makes a channel, last in the order; a private one has the server's own bot as its first member. Rejects with Refusal. */
  async create(channel: RequestData<'channel.create'>): Promise<ServerChannel> {
    const { channelAdmin, bot, ready } = this.#parts
    await ready()
    const data = fitting(requests['channel.create'].request, channel)
    return this.get((await channelAdmin.create(data, await bot.account())).id)
  }
}
