import { rm } from 'node:fs/promises'
import type { Clock } from '@arclight/core'
import type { BlobStore, FinishedUpload, Storage, StoredUpload } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'
import { fileKey, growingPath, madePath } from './file-places.ts'
import { isPicture, sniffFile } from './file-type.ts'
import type { Pictures } from './pictures.ts'
import { isRefused, type UploadSettings } from './upload-settings.ts'

/** What finishing works with. */
export interface FinisherParts {
  readonly storage: Pick<Storage, 'uploads'>
  readonly clock: Clock
  readonly settings: UploadSettings
  readonly blobs: BlobStore
  readonly pictures: Pictures | undefined
}

/** What stands of a file once it is in the blob store. */
type Kept = Omit<FinishedUpload, 'expiresAt'>

const WEBP = 'image/webp'

/** Makes files of uploads that are whole: each once, however many ask. */
export class Finisher {
  readonly #parts: FinisherParts
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(parts: FinisherParts) {
    this.#parts = parts
  }

  /** Resolves when it can be read. Rejects with Refusal where it is none that is taken: it is gone then. */
  finish(upload: StoredUpload): Promise<void> {
    const known = this.#underWay.get(upload.id)
    if (known) return known
    const finishing = this.#finish(upload).finally(() => this.#underWay.delete(upload.id))
    this.#underWay.set(upload.id, finishing)
    return finishing
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay.values())
  }

  async #finish(upload: StoredUpload): Promise<void> {
    const { storage, clock, settings, blobs } = this.#parts
    const kept = await this.#keep(upload)
    const finished = await storage.uploads.finish(upload.id, { ...kept, expiresAt: clock.wall() + settings.unusedMs })
    if (finished) return
    // It expired, or was given up, meanwhile: nobody else would delete what was kept since.
    for (const part of ['file', 'thumbnail'] as const) await blobs.remove(fileKey(upload.id, part))
    throw Refusal.notFound('upload')
  }

  async #keep(upload: StoredUpload): Promise<Kept> {
    const { storage, settings, blobs } = this.#parts
    try {
      const type = await sniffFile(growingPath(blobs, upload.id))
      if (isRefused(type, settings.refusedTypes)) {
        throw new Refusal('unsupported_type', `this server takes no files of the type ${type}`)
      }
      return upload.purpose === 'avatar' ? await this.#avatar(upload, type) : await this.#attachment(upload, type)
    } catch (error) {
      if (error instanceof Refusal && !error.body.retryable) await storage.uploads.remove(upload.id)
      throw error
    }
  }

  async #avatar({ id }: StoredUpload, type: string): Promise<Kept> {
    const { blobs, pictures } = this.#parts
    if (!isPicture(type)) throw new Refusal('unsupported_type', 'an avatar is a PNG, JPEG, GIF, WebP or AVIF picture')
    if (!pictures) throw new Refusal('unavailable', 'this server makes no avatars now')
    const made = madePath(blobs, id)
    const { bytes, width, height } = await pictures.avatar(growingPath(blobs, id), made)
    await blobs.adopt(fileKey(id, 'file'), made)
    await rm(growingPath(blobs, id), { force: true })
    const side = Math.min(width, height, LIMITS.avatarSide)
    return { type: WEBP, size: bytes, width: side, height: side }
  }

  async #attachment({ id, size }: StoredUpload, type: string): Promise<Kept> {
    const { blobs, pictures } = this.#parts
    const made = madePath(blobs, id)
    const picture = isPicture(type) ? await pictures?.thumbnail(growingPath(blobs, id), made) : undefined
    if (picture) await blobs.adopt(fileKey(id, 'thumbnail'), made)
    await blobs.adopt(fileKey(id, 'file'), growingPath(blobs, id))
    if (!picture) return { type, size }
    return { type, size, width: picture.width, height: picture.height, thumbnail: true }
  }
}
