import type { ImageJob, ImageProcessor, ImageResult } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'

/** Processes at a time. */
const MOST_RUNNING = 2
/** Pictures that wait for one. */
const MOST_WAITING = 50

/** A picture that was made of another one, whose pixels it names. */
export type MadePicture = Pick<Extract<ImageResult, { outcome: 'made' }>, 'bytes' | 'width' | 'height'>

/** Makes avatars and thumbnails, few at a time. */
export class Pictures {
  readonly #images: ImageProcessor
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(images: ImageProcessor) {
    this.#images = images
  }

  /** A square. Throws `unsupported_type` for what is no picture, `too_large` for one of too many pixels. */
  async avatar(input: string, output: string): Promise<MadePicture> {
    const made = await this.#process({ input, output, fit: 'square', side: LIMITS.avatarSide })
    if (made) return made
    throw new Refusal('unsupported_type', 'the picture cannot be read; try another one, or save it anew')
  }

  /** Undefined for what cannot be read. Throws `too_large` for a picture of too many pixels. */
  thumbnail(input: string, output: string): Promise<MadePicture | undefined> {
    return this.#process({ input, output, fit: 'inside', side: LIMITS.thumbnailSide })
  }

  async #process(job: Omit<ImageJob, 'mostPixels' | 'timeoutMs'>): Promise<MadePicture | undefined> {
    await this.#turn()
    try {
      const bounds = { mostPixels: LIMITS.picturePixels, timeoutMs: LIMITS.pictureMs }
      const result = await this.#images.process({ ...job, ...bounds })
      if (result.outcome === 'made') return result
      if (result.outcome === 'unreadable') return undefined
      const [pixels, most] = [result.pixels, LIMITS.picturePixels].map((count) => count.toLocaleString('en'))
      throw new Refusal('too_large', `the picture has ${pixels} pixels, and ${most} are the most`)
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  /** Whoever is done gives the turn on. */
  async #turn(): Promise<void> {
    if (this.#running < MOST_RUNNING) {
      this.#running++
      return
    }
    if (this.#waiting.length >= MOST_WAITING) {
      throw new Refusal('unavailable', 'too many pictures wait to be looked at', { retryAfterMs: 5_000 })
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
