import type { Clock, Milliseconds } from '@arclight/core'
import type { ChannelPurge } from './channels/channel-purge.ts'
import type { Services } from './handlers/handler.ts'
import type { Logger } from './log.ts'

/** How often what has expired is forgotten. */
const EVERY_MS = 3_600_000

/** What is forgotten now and then. A failure is the disk's, and told where it matters. */
export class Housekeeping {
  readonly #parts: {
    readonly clock: Clock
    readonly log: Logger
    readonly purge: ChannelPurge
    readonly services: Pick<Services, 'sessions' | 'guests' | 'eraser'>
  }
  #at: Milliseconds = 0

  constructor(parts: {
    clock: Clock
    log: Logger
    purge: ChannelPurge
    services: Pick<Services, 'sessions' | 'guests' | 'eraser'>
  }) {
    this.#parts = parts
  }

  /** The first time, before anybody is served. */
  async open(): Promise<void> {
    this.#at = this.#parts.clock.now() + EVERY_MS
    await this.#forget()
  }

  tick(now: Milliseconds): void {
    if (now < this.#at) return
    const { log, purge, services } = this.#parts
    this.#at = now + EVERY_MS
    purge.due()
    services.eraser.due()
    this.#forget().catch((error: unknown) => {
      log.error({ error }, 'expired sessions could not be forgotten')
    })
  }

  /** Guests go with their last session. */
  async #forget(): Promise<void> {
    const { sessions, guests } = this.#parts.services
    await sessions.prune()
    await guests.housekeep()
  }
}
