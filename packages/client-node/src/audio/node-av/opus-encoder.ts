import { MediaError } from '@arclight/core'
import type { AudioEncoder } from '@arclight/core/contracts'
import { AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_FLT, FF_ENCODER_LIBOPUS } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import { bytesOf, check } from './ffmpeg.ts'

export const SAMPLE_RATE = 48_000
/** 20 ms. */
export const FRAME_SAMPLES = 960

/** What the encoder is told. */
export interface OpusEncoderOptions {
  readonly headroom: number
  readonly bitrate: number
  readonly output: (bytes: Uint8Array) => void
}

/** libopus, one packet for each frame, at once. */
export class OpusEncoder implements AudioEncoder {
  readonly frameSamples = FRAME_SAMPLES
  readonly #options: OpusEncoderOptions
  readonly #context = new CodecContext()
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  #pts = 0n
  #open = true

  constructor(options: OpusEncoderOptions) {
    this.#options = options
    try {
      this.#openContext(options.bitrate)
      this.#allocate()
    } catch (error) {
      this.#free()
      throw error
    }
  }

  encode(samples: Float32Array): void {
    if (!this.#open) return
    if (samples.length !== FRAME_SAMPLES)
      throw new RangeError(`expected ${FRAME_SAMPLES} samples, got ${samples.length}`)
    check(this.#frame.makeWritable(), 'reuse the audio frame')
    check(this.#frame.fromBuffer(bytesOf(samples)), 'fill the audio frame')
    this.#frame.pts = this.#pts
    this.#pts += BigInt(FRAME_SAMPLES)
    check(this.#context.sendFrameSync(this.#frame), 'encode Opus')
    check(this.#context.receivePacketSync(this.#packet), 'encode Opus')
    const { data } = this.#packet
    this.#packet.unref()
    if (!data) throw new MediaError('failed', 'libopus gave an empty packet')
    const bytes = new Uint8Array(this.#options.headroom + data.length)
    bytes.set(data, this.#options.headroom)
    this.#options.output(bytes)
  }

  /** Every frame has come out by the time `encode` returns. */
  async flush(): Promise<void> {}

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#drain()
    this.#free()
  }

  /**
   * Options go through setOption, since `open2Sync` frees a Dictionary that it is given (node-av 6.1.1); the codec
   * goes into allocContext3, since libopus's own options do not exist without it.
   */
  #openContext(bitrate: number): void {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBOPUS)
    if (!codec) throw new MediaError('unsupported', 'this build of node-av has no libopus encoder')
    const context = this.#context
    context.allocContext3(codec)
    context.sampleRate = SAMPLE_RATE
    context.channelLayout = AV_CHANNEL_LAYOUT_MONO
    context.sampleFormat = AV_SAMPLE_FMT_FLT
    context.bitRate = BigInt(bitrate)
    context.timeBase = new Rational(1, SAMPLE_RATE)
    check(context.setOption('application', 'voip'), 'set the Opus application')
    check(context.setOption('frame_duration', '20'), 'set the Opus frame duration')
    check(context.setOption('vbr', 'constrained'), 'set the Opus rate control')
    check(context.open2Sync(codec, null), 'open the Opus encoder')
  }

  #allocate(): void {
    this.#frame.alloc()
    this.#frame.nbSamples = FRAME_SAMPLES
    this.#frame.format = AV_SAMPLE_FMT_FLT
    this.#frame.sampleRate = SAMPLE_RATE
    this.#frame.channelLayout = AV_CHANNEL_LAYOUT_MONO
    check(this.#frame.getBuffer(), 'allocate an audio frame')
    this.#packet.alloc()
  }

  /** Without it FFmpeg prints that frames were left behind. */
  #drain(): void {
    if (this.#pts === 0n || this.#context.sendFrameSync(null) < 0) return
    while (this.#context.receivePacketSync(this.#packet) >= 0) this.#packet.unref()
  }

  #free(): void {
    this.#packet.free()
    this.#frame.free()
    this.#context.freeContext()
  }
}
