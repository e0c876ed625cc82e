import type { Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { Channels } from '../channels/channels.ts'
import type { Memberships } from '../channels/memberships.ts'
import type { Logger } from '../log.ts'
import type { Recordings } from '../recording/recordings.ts'
import { Refusal } from '../refusal.ts'

/** Messages of one go: other writes come in between. */
const SLICE = 50

/** What the eraser works with. */
export interface EraserParts {
  readonly storage: Pick<Storage, 'accounts' | 'log'>
  readonly clock: Clock
  readonly log: Logger
  readonly channels: Channels
  readonly memberships: Pick<Memberships, 'leaveGroups'>
  readonly recordings: Pick<Recordings, 'erase'>
}

/**
 * Takes away what deleted accounts have left: places in groups, recordings and, where it was asked for, messages, a slice each
 * tick, as `message.delete` does it. Begins with what an earlier run of the server left.
 */
export class Eraser {
  readonly #parts: EraserParts
  #due = true
  #running: Promise<void> | undefined
  #closed = false

  constructor(parts: EraserParts) {
    this.#parts = parts
  }

  /** There may be something to do. */
  due(): void {
    this.#due = true
  }

  /** Called ten times a second. A failure is the disk's: the next `due` tries again. */
  tick(): void {
    if (!this.#due || this.#running || this.#closed) return
    this.#due = false
    this.#running = this.#slice().finally(() => {
      this.#running = undefined
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #slice(): Promise<void> {
    const { storage, log, memberships, recordings } = this.#parts
    try {
      const [next, ...more] = await storage.accounts.erasing()
      if (!next) return
      const { user, messages } = next
      await memberships.leaveGroups(user)
      await recordings.erase(user)
      const isDone = messages === 'keep' || !(await this.#deleteSome(user))
      if (isDone) await storage.accounts.erased(user)
      this.#due ||= !isDone || more.length > 0
    } catch (error) {
      log.error({ error }, 'what a deleted account has left could not be taken away')
    }
  }

  /** False where there was nothing left. */
  async #deleteSome(user: string): Promise<boolean> {
    const { storage, channels, clock } = this.#parts
    const { messages } = await storage.log.byAuthor(user, { limit: SLICE })
    const at = clock.wall()
    const deletions = messages.map(async ({ channel, seq }) => {
      try {
        await channels.write({ write: 'deletion', channel, seq, actor: user, at, anyAuthor: false })
      } catch (error) {
        // The channel was removed meanwhile, and the message with it.
        if (!(error instanceof Refusal) || error.body.code !== 'not_found') throw error
      }
    })
    await Promise.all(deletions)
    return messages.length > 0
  }
}
