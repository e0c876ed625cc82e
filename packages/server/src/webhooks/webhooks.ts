import type { Account, Clock, Milliseconds } from '@arclight/core'
import type { Storage, StoredWebhook } from '@arclight/core/contracts'
import { LIMITS, type LogEntry, type RequestData, type WebhookSummary } from '@arclight/core/protocol'
import type { Bots } from '../accounts/bots.ts'
import { createId } from '../accounts/token.ts'
import type { Channels } from '../channels/channels.ts'
import type { Logger } from '../log.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { Refusal } from '../refusal.ts'
import { Delivery } from './delivery.ts'
import { postEntry } from './post-entry.ts'
import type { WebhookSecrets } from './secrets.ts'
import { TargetError, type WebhookTargets } from './targets.ts'

/** What the webhooks work with. */
export interface WebhookParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly bots: Bots
  readonly channels: Channels
  readonly secrets: WebhookSecrets
  readonly targets: WebhookTargets
  /** Lets a user into a private channel, by the owner's leave. */
  readonly admit: (place: { readonly channel: string; readonly user: string }, owner: Account) => Promise<void>
}

/** A webhook, and where it goes out, what posts it. */
interface LiveWebhook {
  stored: StoredWebhook
  readonly delivery: Delivery | undefined
}

/** The path where an `in` webhook takes requests. */
export function webhookPath(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`
}

/** The webhooks of the server: what others write with, and where its channels' entries go. */
export class Webhooks {
  readonly #parts: WebhookParts
  /** The newest first. */
  #webhooks = new Map<string, LiveWebhook>()
  readonly #changes = new OneAtATime()

  constructor(parts: WebhookParts) {
    this.#parts = parts
  }

  /** Takes up what was not delivered before. */
  async open(): Promise<void> {
    for (const stored of await this.#parts.storage.webhooks.list()) this.#webhooks.set(stored.id, this.#live(stored))
    for (const { delivery } of this.#webhooks.values()) delivery?.wake()
  }

  /** Throws `bad_request`, `forbidden`, `not_found` and `conflict`. */
  async create(
    owner: Account,
    { channel, direction, name, url }: RequestData<'webhook.create'>,
  ): Promise<{ webhook: WebhookSummary; secret: string }> {
    const { summary } = this.#parts.channels.allowed(channel, owner, 'read')
    if (summary.kind === 'direct') throw new Refusal('forbidden', 'a direct channel has no webhooks')
    if (direction === 'in' && name === undefined) throw missing('name')
    if (direction === 'out' && url === undefined) throw missing('url')
    if (url !== undefined) await this.#checkTarget(url)
    return this.#changes.run(async () => {
      if (this.#webhooks.size >= LIMITS.webhooks) {
        throw new Refusal('conflict', `a server has at most ${LIMITS.webhooks} webhooks`)
      }
      const { epoch, head } = this.#parts.channels.get(channel)
      const made = { id: await createId(), direction, channel, generation: 1, createdAt: this.#parts.clock.wall() }
      const stored =
        direction === 'in'
          ? { ...made, bot: await this.#makeBot(channel, name as string, owner) }
          : { ...made, url: url as string, cursor: { epoch, seq: head } }
      return this.#add(stored)
    })
  }

  list(): WebhookSummary[] {
    return [...this.#webhooks.values()].map(summaryOf)
  }

  /** Another secret. Throws `not_found`. */
  async renew(id: string): Promise<string> {
    const webhook = this.#webhooks.get(id)
    const stored = webhook && (await this.#parts.storage.webhooks.renew(id))
    if (!webhook || !stored) throw Refusal.notFound('webhook')
    webhook.stored = { ...webhook.stored, generation: stored.generation }
    return this.#parts.secrets.shown(webhook.stored)
  }

  /** Throws `not_found`. */
  async end(id: string): Promise<void> {
    const webhook = this.#webhooks.get(id)
    if (!webhook) throw Refusal.notFound('webhook')
    this.#webhooks.delete(id)
    await webhook.delivery?.close()
    await this.#parts.storage.webhooks.remove(id)
    const { bot } = webhook.stored
    // The owner may have ended the bot, and is then ending what it wrote with.
    if (bot) await this.#parts.bots.end(bot.id).catch(ignoreGone)
  }

  /** Ends those of a bot or of a channel that is gone. */
  async endOf(gone: { readonly bot: string } | { readonly channel: string }): Promise<void> {
    for (const { stored } of [...this.#webhooks.values()]) {
      const isOf = 'bot' in gone ? stored.bot?.id === gone.bot : stored.channel === gone.channel
      if (isOf) await this.end(stored.id)
    }
  }

  /** The webhook that requests of this path are for, with who writes by it; undefined where there is none. */
  incoming(id: string): { readonly webhook: StoredWebhook; readonly bot: Account } | undefined {
    const webhook = this.#webhooks.get(id)?.stored
    return webhook?.bot && { webhook, bot: { ...webhook.bot, role: 'member' } }
  }

  /** What signs its requests. */
  secretOf(webhook: StoredWebhook): Promise<Uint8Array> {
    return this.#parts.secrets.of(webhook)
  }

  /** A channel's log has another entry. */
  stored({ channel }: Pick<LogEntry, 'channel'>): void {
    for (const { stored, delivery } of this.#webhooks.values()) if (stored.channel === channel) delivery?.wake()
  }

  tick(now: Milliseconds): void {
    for (const { delivery } of this.#webhooks.values()) delivery?.tick(now)
  }

  /** What was not delivered is, after the next start. */
  async close(): Promise<void> {
    await Promise.all([...this.#webhooks.values()].map(({ delivery }) => delivery?.close()))
  }

  async #checkTarget(url: string): Promise<void> {
    try {
      await this.#parts.targets.addresses(url)
    } catch (error) {
      throw error instanceof TargetError ? new Refusal('forbidden', error.message) : error
    }
  }

  /** Who writes to a private channel is in it. */
  async #makeBot(channel: string, name: string, owner: Account): Promise<Account> {
    const { channels, bots, admit } = this.#parts
    const bot = await bots.make(name)
    if (channels.get(channel).private) await admit({ channel, user: bot.id }, owner)
    return bot
  }

  async #add(webhook: StoredWebhook): Promise<{ webhook: WebhookSummary; secret: string }> {
    const { storage, secrets } = this.#parts
    await storage.webhooks.create({ ...webhook, bot: webhook.bot?.id })
    const live = this.#live(webhook)
    this.#webhooks = new Map([[webhook.id, live], ...this.#webhooks])
    live.delivery?.wake()
    return { webhook: summaryOf(live), secret: await secrets.shown(webhook) }
  }

  #live(stored: StoredWebhook): LiveWebhook {
    const { storage, clock, log, secrets, targets } = this.#parts
    const { id, url, cursor } = stored
    if (url === undefined || cursor === undefined) return { stored, delivery: undefined }
    const delivery = new Delivery({
      webhook: { ...stored, cursor },
      log: storage.log,
      post: async (entry, signal) => {
        const secret = await secrets.of(this.#webhooks.get(id)?.stored ?? stored)
        await postEntry({ url, entry, secret, targets, signal, at: clock.wall() })
      },
      keep: (progress) => storage.webhooks.progress(id, progress),
      clock,
      logger: log,
    })
    return { stored, delivery }
  }
}

function summaryOf({ stored, delivery }: LiveWebhook): WebhookSummary {
  const { id, direction, channel, bot, url, createdAt } = stored
  const failingSince = delivery?.failingSince
  return {
    ...{ id, direction, channel, createdAt },
    ...(bot ? { bot: { id: bot.id, name: bot.name, bot: true as const }, path: webhookPath(id) } : {}),
    ...(url === undefined ? {} : { url }),
    ...(failingSince === undefined ? {} : { failingSince }),
  }
}

function missing(path: 'name' | 'url'): Refusal {
  const message = `expected a ${path} for a webhook of this direction`
  return new Refusal('bad_request', message, { issues: [{ path, message }] })
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
