import { mkdir } from 'node:fs/promises'
import type { Attachment, Clock, Milliseconds } from '@arclight/core'
import type { BlobStore, ImageProcessor, NewUpload, Storage, StoredUpload } from '@arclight/core/contracts'
import { createId } from '../accounts/token.ts'
import type { Channels } from '../channels/channels.ts'
import type { Logger } from '../log.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import { Collector } from './collector.ts'
import { diskError } from './disk-error.ts'
import { growingPath } from './file-places.ts'
import { Finisher } from './finisher.ts'
import { appendTo, sizeOf } from './growing-file.ts'
import { Pictures } from './pictures.ts'
import { inWords, type UploadSettings } from './upload-settings.ts'

/** What uploads are made of. */
export interface UploadsParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly channels: Channels
  readonly standings: Pick<Standings, 'who'>
  /** Undefined where the server keeps no files. */
  readonly blobs: BlobStore | undefined
  /** Undefined where nobody makes thumbnails and avatars. */
  readonly images: ImageProcessor | undefined
  readonly settings: UploadSettings
}

/** What an upload is to be. */
export type UploadWish = Pick<NewUpload, 'owner' | 'purpose' | 'name' | 'size'>

type Availability =
  | { readonly name: 'unavailable'; readonly why: string }
  | {
      readonly name: 'available'
      readonly blobs: BlobStore
      readonly pictures: Pictures | undefined
      readonly finisher: Finisher
      readonly collector: Collector
    }

/** Uploads are random: 96 bits, base64url. Whatever else stands in an address names none. */
const ID = /^[\w-]{1,64}$/
const PRIVATE_FOLDER = 0o700

/** Uploads from their first byte to their last day. Throws Refusal. */
export class Uploads {
  readonly #parts: UploadsParts
  readonly #writing = new Map<string, Promise<void>>()
  readonly #failures = new Map<string, Refusal>()
  #availability: Availability = { name: 'unavailable', why: 'this server keeps no files' }

  constructor(parts: UploadsParts) {
    this.#parts = parts
  }

  get settings(): UploadSettings {
    return this.#parts.settings
  }

  /** Why nothing is uploaded here; undefined where it is. */
  get unavailable(): string | undefined {
    return this.#availability.name === 'unavailable' ? this.#availability.why : undefined
  }

  /** Sees what works here. */
  async open(): Promise<void> {
    const { blobs, images, log } = this.#parts
    if (!blobs) return
    try {
      await mkdir(blobs.scratch, { recursive: true, mode: PRIVATE_FOLDER })
    } catch (error) {
      const why = (error as Error).message
      this.#availability = { name: 'unavailable', why }
      return log.warn({ why }, 'this server takes no uploads')
    }
    const pictures = images && (await works(images, log)) ? new Pictures(images) : undefined
    const finisher = new Finisher({ ...this.#parts, blobs, pictures })
    this.#availability = {
      name: 'available',
      blobs,
      pictures,
      finisher,
      collector: new Collector({ ...this.#parts, blobs }),
    }
  }

  /** Takes what an upload will need from its owner's quota. */
  async create(wish: UploadWish): Promise<NewUpload> {
    const { pictures } = this.#demand()
    const { storage, clock, settings } = this.#parts
    if (wish.size > settings.mostBytes) {
      throw new Refusal(
        'too_large',
        `a file may have ${inWords(settings.mostBytes)}, and this one has ${inWords(wish.size)}`,
      )
    }
    if (wish.purpose === 'avatar' && !pictures) {
      throw new Refusal('unsupported_type', 'this server makes no avatars: it has nothing that reads pictures')
    }
    const createdAt = clock.wall()
    const upload = { ...wish, id: await createId(), createdAt, expiresAt: createdAt + settings.unfinishedMs }
    const bounds = { bytes: settings.quotaBytes, growing: settings.atOnce }
    const outcome = await storage.uploads.create(upload, bounds)
    if (outcome === 'too-many') {
      throw new Refusal('rate_limited', `at most ${settings.atOnce} unfinished uploads of one user at a time`, {
        retryAfterMs: 5_000,
      })
    }
    if (outcome === 'too-much') {
      const quota = inWords(settings.quotaBytes)
      throw new Refusal('quota_reached', `your files may have ${quota} together; delete some, or send a smaller one`)
    }
    return upload
  }

  /** The upload, for its owner. Throws `not_found` for anybody else, and where it has gone. */
  async owned(id: string, user: string): Promise<StoredUpload> {
    const found = await this.#find(id)
    if (found?.owner !== user) throw Refusal.notFound('upload')
    return found
  }

  /** The upload, whoever asks. Throws `not_found`. */
  async known(id: string): Promise<StoredUpload> {
    const found = await this.#find(id)
    if (!found) throw Refusal.notFound('upload')
    return found
  }

  /** How many bytes of an upload have come; waits for those on their way to the disk. */
  async offset({ id, state, size }: StoredUpload): Promise<number> {
    if (state !== 'growing') return size
    await this.#writing.get(id)
    return sizeOf(growingPath(this.#demand().blobs, id))
  }

  /** Adds bytes; resolves with the offset then. What comes before the source breaks counts. Rejects as `appendTo` does. */
  async write(id: string, source: AsyncIterable<Uint8Array>, offset: number): Promise<number> {
    const { blobs } = this.#demand()
    await this.#writing.get(id)
    const writing = appendTo(growingPath(blobs, id), source, offset)
    const settled = writing.then(
      () => {},
      (error: unknown) => {
        const failure = diskError(error)
        if (failure instanceof Refusal) this.#failures.set(id, failure)
      },
    )
    this.#writing.set(id, settled)
    void settled.then(() => this.#writing.get(id) === settled && this.#writing.delete(id))
    return writing
  }

  /** Why the disk did not take what was written last, told once. */
  async takeFailure(id: string): Promise<Refusal | undefined> {
    await this.#writing.get(id)
    const failure = this.#failures.get(id)
    this.#failures.delete(id)
    return failure
  }

  /** Makes a file of an upload that is whole; harmless where it is one already, or is not whole. */
  async finish(upload: StoredUpload): Promise<void> {
    const { finisher, collector } = this.#demand()
    if (upload.state !== 'growing' || (await this.offset(upload)) < upload.size) return
    try {
      await finisher.finish(upload)
    } catch (error) {
      collector.due()
      throw diskError(error)
    }
  }

  /** As `finish`, unless bytes are on their way: whoever sends them will. */
  async finishIdle(upload: StoredUpload): Promise<void> {
    if (!this.#writing.has(upload.id)) await this.finish(upload)
  }

  /** Forgets an upload that nothing has. */
  async remove(id: string): Promise<void> {
    const { collector } = this.#demand()
    if (!(await this.#parts.storage.uploads.remove(id))) {
      throw new Refusal('conflict', 'the file is in use: delete the message that has it')
    }
    collector.due()
  }

  /** A file, for a user who may see it. Throws `not_found`. */
  async file(id: string, user: string): Promise<Attachment> {
    const found = await this.#find(id)
    const who = this.#parts.standings.who(user)
    if (!found?.file || !may(who, { to: 'see', file: this.#facts(found) })) throw Refusal.notFound('file')
    return found.file
  }

  /** There may be files that nobody has any more. */
  due(): void {
    if (this.#availability.name === 'available') this.#availability.collector.due()
  }

  /** Called ten times a second. */
  tick(now: Milliseconds): void {
    if (this.#availability.name === 'available') this.#availability.collector.tick(now)
  }

  /** Waits for what is being made of uploads; not for bytes, which may never come. */
  async close(): Promise<void> {
    if (this.#availability.name !== 'available') return
    await this.#availability.finisher.close()
    await this.#availability.collector.close()
  }

  async #find(id: string): Promise<StoredUpload | undefined> {
    const found = ID.test(id) ? await this.#parts.storage.uploads.get(id) : undefined
    return found?.state === 'removed' ? undefined : found
  }

  #facts({ owner, purpose, state, message }: StoredUpload) {
    const { channels } = this.#parts
    const channel = message && channels.has(message.channel) ? channels.live(message.channel) : undefined
    return { owner, channel, isUsed: state === 'used', isAvatar: purpose === 'avatar' }
  }

  #demand(): Extract<Availability, { name: 'available' }> {
    if (this.#availability.name === 'available') return this.#availability
    throw new Refusal('unavailable', this.#availability.why)
  }
}

async function works(images: ImageProcessor, log: Logger): Promise<boolean> {
  try {
    await images.check()
    return true
  } catch (error) {
    log.warn({ images: images.name, why: (error as Error).message }, 'this server makes no thumbnails and no avatars')
    return false
  }
}
