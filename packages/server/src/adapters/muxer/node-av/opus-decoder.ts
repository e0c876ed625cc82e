import { MediaError } from '@arclight/core'
import { AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP, FF_DECODER_LIBOPUS } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, SoftwareResampleContext } from 'node-av/lib'
import { SAMPLE_RATE } from './aac-encoder.ts'
import { check } from './ffmpeg.ts'

const OPUS_RATE = 48_000
/** What libopus puts before the sound (RFC 7845, 4.2): 6.5 ms. It is told no header, so that it cuts nothing itself. */
const PRE_SKIP = Math.round((312 * SAMPLE_RATE) / OPUS_RATE)
/** More than the longest packet, 120 ms, gives. */
const MOST_SAMPLES = 8192
const SAMPLE_BYTES = 4
/** A correction of 5 ms a second is not heard: 4 samples in each 20 ms. */
const CORRECTION = 4
const CORRECTION_LENGTH = (SAMPLE_RATE * 20) / 1000

/** Opus packets to mono samples at 44.1 kHz. A stereo packet is mixed down by libopus. */
export class OpusDecoder {
  readonly #context = new CodecContext()
  readonly #resampler = new SoftwareResampleContext()
  readonly #packet = new Packet()
  readonly #frame = new Frame()
  readonly #resampled = Buffer.alloc(MOST_SAMPLES * SAMPLE_BYTES)

  constructor() {
    try {
      this.#open()
    } catch (error) {
      this.free()
      throw error
    }
  }

  /** How many samples before a packet's timestamp the next `decode` begins. */
  get lead(): number {
    return PRE_SKIP + Number(this.#resampler.getDelay(BigInt(SAMPLE_RATE)))
  }

  /** Stretches (1) or squeezes (−1) the next 20 ms by 5 ms a second. */
  correct(direction: 1 | -1): void {
    check(this.#resampler.setCompensation(direction * CORRECTION, CORRECTION_LENGTH), 'correct the drift')
  }

  /** The samples, valid until the next call; undefined where the packet is damaged. */
  decode(packet: Uint8Array): Float32Array | undefined {
    // An empty packet means the end of the stream to FFmpeg: everything after it would be refused.
    if (packet.length === 0) return undefined
    this.#packet.data = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)
    const sent = this.#context.sendPacketSync(this.#packet)
    this.#packet.unref()
    if (sent < 0 || this.#context.receiveFrameSync(this.#frame) < 0) return undefined
    const pcm = this.#frame.toBuffer()
    const count = this.#frame.nbSamples
    this.#frame.unref()
    return this.#resample([pcm], count)
  }

  /** What the resampler still holds. */
  rest(): Float32Array {
    return this.#resample(null, 0)
  }

  free(): void {
    this.#packet.free()
    this.#frame.free()
    this.#resampler.free()
    this.#context.freeContext()
  }

  #resample(pcm: Buffer[] | null, count: number): Float32Array {
    const { buffer, byteOffset } = this.#resampled
    const got = check(this.#resampler.convertSync([this.#resampled], MOST_SAMPLES, pcm, count), 'resample the sound')
    return new Float32Array(buffer, byteOffset, got)
  }

  #open(): void {
    const codec = Codec.findDecoderByName(FF_DECODER_LIBOPUS)
    if (!codec) throw new MediaError('unsupported', 'this build of node-av has no libopus decoder')
    this.#context.allocContext3(codec)
    this.#context.sampleRate = OPUS_RATE
    this.#context.channelLayout = AV_CHANNEL_LAYOUT_MONO
    check(this.#context.setOption('request_sample_fmt', 'flt'), 'ask libopus for float samples')
    check(this.#context.open2Sync(codec, null), 'open the Opus decoder')
    const mono = AV_CHANNEL_LAYOUT_MONO
    const made = this.#resampler.allocSetOpts2(
      mono,
      AV_SAMPLE_FMT_FLTP,
      SAMPLE_RATE,
      mono,
      AV_SAMPLE_FMT_FLT,
      OPUS_RATE,
    )
    check(made, 'set up the resampler')
    check(this.#resampler.init(), 'set up the resampler')
    this.#packet.alloc()
    this.#frame.alloc()
  }
}
