import type { ChannelRepository } from '@arclight/core/contracts'
import type { Logger } from '../log.ts'

/** Messages of one transaction: it holds the writer for about 20 ms, and a million are gone in half an hour. */
const SLICE = 50

/**
 * Deletes what removed channels held, a slice each tick, so that messages are stored between two slices. Begins with
 * what an earlier run of the server left.
 */
export class ChannelPurge {
  readonly #channels: Pick<ChannelRepository, 'purge'>
  readonly #log: Logger
  readonly #purged: () => void
  #due = true
  #running = false

  /** `purged` is called behind each slice: files may have lost their messages. */
  constructor(channels: Pick<ChannelRepository, 'purge'>, log: Logger, purged: () => void = () => {}) {
    this.#channels = channels
    this.#log = log
    this.#purged = purged
  }

  /** There may be something to delete. */
  due(): void {
    this.#due = true
  }

  /** Called ten times a second. A failure is the disk's: the next `due` tries again. */
  tick(): void {
    if (!this.#due || this.#running) return
    this.#due = false
    this.#running = true
    void this.#slice()
  }

  async #slice(): Promise<void> {
    try {
      if (await this.#channels.purge(SLICE)) this.#due = true
      this.#purged()
    } catch (error) {
      this.#log.error({ error }, 'what a removed channel held could not be deleted')
    } finally {
      this.#running = false
    }
  }
}
