import { MediaError } from '@arclight/core'
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_AAC,
} from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import { check } from './ffmpeg.ts'

export const SAMPLE_RATE = 44_100
/** Samples in an AAC packet. */
export const PACKET_SAMPLES = 1024
/** Of 48 recordings of gliding tones 17 had a packet that was far off (error −10 dB) at 96 kbit/s; at 128, none. */
const BITRATE = 128_000n

/** After so many packets of silence the encoder gives the same one again and again. */
const SETTLED = 8

/** Mono samples to AAC. Positions count samples; the packet at `p` decodes, after the one before it, to p … p + 1024. */
export class AacEncoder {
  readonly context = new CodecContext()
  readonly #output: (packet: Packet) => void
  readonly #packet = new Packet()
  readonly #frame = new Frame()
  readonly #samples = new Float32Array(PACKET_SAMPLES)
  #filled = 0
  #sent = 0
  /** Samples that the encoder never saw, since their silence was a repeated packet. */
  #skipped = 0
  /** The newest packet while silence is encoded, and its position. */
  #newest: { readonly data: Buffer; readonly at: bigint } | undefined

  /** `output` gets packets that are valid during the call, the first of them 1024 samples before the first sample. */
  constructor(output: (packet: Packet) => void) {
    this.#output = output
    try {
      this.#open()
    } catch (error) {
      this.free()
      throw error
    }
  }

  /** Where the next sample belongs. */
  get position(): number {
    return this.#sent + this.#filled
  }

  /** Before anything is pushed: where the first sample belongs. */
  startAt(position: number): void {
    this.#sent = position
  }

  push(samples: Float32Array): void {
    for (let from = 0; from < samples.length; ) {
      const count = Math.min(PACKET_SAMPLES - this.#filled, samples.length - from)
      this.#samples.set(samples.subarray(from, from + count), this.#filled)
      this.#filled += count
      from += count
      if (this.#filled === PACKET_SAMPLES) this.#encode()
    }
  }

  /** Hours of silence take a moment: where the encoder has settled, its packet is repeated rather than made again. */
  silence(count: number): void {
    let left = count
    for (let whole = 0; left > 0 && whole <= SETTLED; ) {
      const some = Math.min(PACKET_SAMPLES - this.#filled, left)
      this.#samples.fill(0, this.#filled, this.#filled + some)
      this.#filled += some
      left -= some
      if (this.#filled < PACKET_SAMPLES) return
      this.#encode()
      whole++
    }
    this.#repeat(Math.floor(left / PACKET_SAMPLES))
    this.#samples.fill(0)
    this.#filled = left % PACKET_SAMPLES
  }

  /** The last packet says how much of it is sound. */
  finish(): void {
    if (this.#filled > 0) this.#encode()
    check(this.context.sendFrameSync(null), 'finish the sound')
    this.#drain()
  }

  free(): void {
    this.#packet.free()
    this.#frame.free()
    this.context.freeContext()
  }

  #encode(): void {
    const { buffer, byteOffset } = this.#samples
    const frame = this.#frame
    frame.nbSamples = this.#filled
    frame.format = AV_SAMPLE_FMT_FLTP
    frame.sampleRate = SAMPLE_RATE
    frame.channelLayout = AV_CHANNEL_LAYOUT_MONO
    frame.pts = BigInt(this.#sent - this.#skipped)
    check(frame.getBuffer(), 'allocate an audio frame')
    check(frame.fromBuffer(Buffer.from(buffer, byteOffset, this.#filled * Float32Array.BYTES_PER_ELEMENT)), 'fill it')
    const sent = this.context.sendFrameSync(frame)
    frame.unref()
    check(sent, 'encode the sound')
    this.#sent += this.#filled
    this.#filled = 0
    this.#drain()
  }

  #drain(): void {
    for (;;) {
      const received = this.context.receivePacketSync(this.#packet)
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return
      check(received, 'encode the sound')
      const packet = this.#packet
      packet.pts += BigInt(this.#skipped)
      packet.dts = packet.pts
      this.#newest = { data: Buffer.from(packet.data ?? []), at: packet.pts }
      this.#give()
    }
  }

  #give(): void {
    try {
      this.#output(this.#packet)
    } finally {
      this.#packet.unref()
    }
  }

  #repeat(count: number): void {
    const newest = this.#newest
    if (!newest) return
    for (let each = 1; each <= count; each++) {
      this.#packet.data = newest.data
      this.#packet.pts = newest.at + BigInt(each * PACKET_SAMPLES)
      this.#packet.dts = this.#packet.pts
      this.#packet.duration = BigInt(PACKET_SAMPLES)
      this.#packet.isKeyframe = true
      this.#give()
    }
    this.#skipped += count * PACKET_SAMPLES
    this.#sent += count * PACKET_SAMPLES
  }

  /** The encoder is named, so that fdk is never chosen. */
  #open(): void {
    const codec = Codec.findEncoderByName(FF_ENCODER_AAC)
    if (!codec) throw new MediaError('unsupported', 'this build of node-av has no AAC encoder')
    const { context } = this
    context.allocContext3(codec)
    context.sampleRate = SAMPLE_RATE
    context.channelLayout = AV_CHANNEL_LAYOUT_MONO
    context.sampleFormat = AV_SAMPLE_FMT_FLTP
    context.bitRate = BITRATE
    context.timeBase = new Rational(1, SAMPLE_RATE)
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
    check(context.open2Sync(codec, null), 'open the AAC encoder')
    this.#packet.alloc()
    this.#frame.alloc()
  }
}
