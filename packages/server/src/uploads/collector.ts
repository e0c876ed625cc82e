import { rm } from 'node:fs/promises'
import type { Clock, Milliseconds } from '@arclight/core'
import type { BlobStore, Storage } from '@arclight/core/contracts'
import type { Logger } from '../log.ts'
import { fileKey, growingPath, madePath } from './file-places.ts'

/** Uploads whose files are deleted in one go. */
const SLICE = 50
/** How often what has expired is looked for. */
const EXPIRY_MS: Milliseconds = 60_000

/** What the collector works with. */
export interface CollectorParts {
  readonly storage: Pick<Storage, 'uploads'>
  readonly clock: Clock
  readonly log: Logger
  readonly blobs: BlobStore
}

/**
 * Deletes the files of uploads that are removed: given up, expired, of a deleted message, of an avatar that was replaced. Begins with
 * what an earlier run of the server left.
 */
export class Collector {
  readonly #parts: CollectorParts
  #due = true
  #expiryAt: Milliseconds
  #running: Promise<void> | undefined
  #closed = false

  constructor(parts: CollectorParts) {
    this.#parts = parts
    this.#expiryAt = parts.clock.now()
  }

  /** There may be something to delete. */
  due(): void {
    this.#due = true
  }

  /** Called ten times a second. A failure is the disk's: the next look at what has expired tries again. */
  tick(now: Milliseconds): void {
    if (this.#closed || this.#running || (!this.#due && now < this.#expiryAt)) return
    this.#due = false
    this.#running = this.#collect(now).finally(() => {
      this.#running = undefined
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #collect(now: Milliseconds): Promise<void> {
    const { storage, clock, log } = this.#parts
    try {
      if (now >= this.#expiryAt) {
        this.#expiryAt = now + EXPIRY_MS
        await storage.uploads.expire(clock.wall())
      }
      const ids = await storage.uploads.removed(SLICE)
      for (const id of ids) await this.#delete(id)
      await storage.uploads.forget(ids)
      if (ids.length === SLICE) this.#due = true
    } catch (error) {
      log.error({ error }, 'the files of a removed upload could not be deleted')
    }
  }

  async #delete(id: string): Promise<void> {
    const { blobs } = this.#parts
    for (const path of [growingPath(blobs, id), madePath(blobs, id)]) await rm(path, { force: true })
    for (const part of ['file', 'thumbnail'] as const) await blobs.remove(fileKey(id, part))
  }
}
