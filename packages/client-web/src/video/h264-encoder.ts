import { MediaError } from '@arclight/core'
import { HEADER_BYTES } from '@arclight/core/codec'

/** How pictures are encoded. */
export interface VideoEncoding {
  readonly width: number
  readonly height: number
  /** Frames a second. */
  readonly frameRate: number
  /** Bits a second. */
  readonly bitrate: number
}

/** One encoded picture. */
export interface EncodedPicture {
  /** Room for a media header, then an Annex B access unit; the receiver's from here on. */
  readonly bytes: Uint8Array
  /** As it was given with the picture. */
  readonly timestamp: number
  readonly keyFrame: boolean
}

/** Constrained Baseline, by the largest picture that each level allows (ITU-T H.264, table A-1). */
const LEVELS = [
  { codec: 'avc1.42E01E', pixels: 720 * 576 },
  { codec: 'avc1.42E01F', pixels: 1280 * 720 },
  { codec: 'avc1.42E028', pixels: 2048 * 1024 },
  { codec: 'avc1.42E033', pixels: 4096 * 2304 },
] as const

const KEY_FRAME_EVERY_US = 1_000_000
/** More than this waiting means that the encoder does not keep up: pictures are skipped, not queued. */
const MOST_QUEUED = 2

/** Finds a configuration that this browser can encode. Rejects with MediaError `unsupported`. */
async function findConfiguration({ width, height, frameRate, bitrate }: VideoEncoding): Promise<VideoEncoderConfig> {
  const candidates = typeof VideoEncoder === 'undefined' ? [] : LEVELS.filter(({ pixels }) => width * height <= pixels)
  for (const { codec } of candidates) {
    const config: VideoEncoderConfig = {
      codec,
      width,
      height,
      framerate: frameRate,
      bitrate,
      latencyMode: 'realtime',
      avc: { format: 'annexb' },
    }
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }))
    if (supported) return config
  }
  throw new MediaError(
    'unsupported',
    `this browser cannot encode H.264 at ${width}x${height}: use a current Chrome or Edge`,
  )
}

/** Encodes pictures as they come; a key frame every second. */
export class H264Encoder {
  readonly #encoder: VideoEncoder
  #lastKey = Number.NEGATIVE_INFINITY
  #skipped = 0

  private constructor(encoder: VideoEncoder) {
    this.#encoder = encoder
  }

  static async open(
    encoding: VideoEncoding,
    consumer: { output: (picture: EncodedPicture) => void; failed: (error: Error) => void },
  ): Promise<H264Encoder> {
    const config = await findConfiguration(encoding)
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(HEADER_BYTES + chunk.byteLength)
        chunk.copyTo(bytes.subarray(HEADER_BYTES))
        consumer.output({ bytes, timestamp: chunk.timestamp, keyFrame: chunk.type === 'key' })
      },
      error: (error) => consumer.failed(new MediaError('failed', `the video encoder failed: ${error.message}`, error)),
    })
    encoder.configure(config)
    return new H264Encoder(encoder)
  }

  /** Pictures that were not encoded because the encoder did not keep up. */
  get skipped(): number {
    return this.#skipped
  }

  /** Takes a picture and closes it. `timestamp` in microseconds, rising. */
  encode(picture: VideoFrame, timestamp: number): void {
    const stamped = new VideoFrame(picture, { timestamp })
    picture.close()
    if (this.#encoder.state === 'configured' && this.#encoder.encodeQueueSize <= MOST_QUEUED) {
      const keyFrame = timestamp - this.#lastKey >= KEY_FRAME_EVERY_US
      if (keyFrame) this.#lastKey = timestamp
      this.#encoder.encode(stamped, { keyFrame })
    } else this.#skipped++
    stamped.close()
  }

  /** Hands out what is still being encoded, and closes. */
  async close(): Promise<void> {
    if (this.#encoder.state === 'configured') await this.#encoder.flush()
    if (this.#encoder.state !== 'closed') this.#encoder.close()
  }
}
