/** A picture to be made of another one. Files are local, and the server's own. */
export interface ImageJob {
  readonly input: string
  /** Made, or overwritten; WebP, synced to the disk. */
  readonly output: string
  /** `square`: cut to one; `inside`: whole, and never larger than it was. */
  readonly fit: 'square' | 'inside'
  /** Pixels of the longer side, at most. */
  readonly side: number
  /** A picture with more is not decoded. */
  readonly mostPixels: number
  /** Milliseconds after which it is given up. */
  readonly timeoutMs: number
}

/** `made`: bytes of the output, and the pixels of the picture that came in, as it is to be shown. */
export type ImageResult =
  | { readonly outcome: 'made'; readonly bytes: number; readonly width: number; readonly height: number }
  | { readonly outcome: 'too-many-pixels'; readonly pixels: number }
  /** It is no picture, a broken one, or one that takes too long. */
  | { readonly outcome: 'unreadable' }

/** Makes pictures of pictures, in another process than the server's. */
export interface ImageProcessor {
  /** In a log. */
  readonly name: string
  /** Rejects with a sentence where it cannot work here. */
  check(): Promise<void>
  /** Looks at the number of pixels before it decodes. Rejects where the job could not be done for a reason of the machine's. */
  process(job: ImageJob): Promise<ImageResult>
}
