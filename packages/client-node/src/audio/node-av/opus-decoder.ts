import { MediaError } from '@arclight/core'
import type { AudioDecoder } from '@arclight/core/contracts'
import { AV_CHANNEL_LAYOUT_MONO, AVERROR_EAGAIN, FF_DECODER_LIBOPUS } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib'
import { check, samplesOf } from './ffmpeg.ts'
import { SAMPLE_RATE } from './opus-encoder.ts'

/** libopus; FFmpeg's own decoder drifts after damage. A packet that cannot be decoded is reported, not thrown. */
export class OpusDecoder implements AudioDecoder {
  readonly #output: (samples: Float32Array) => void
  readonly #failed: (error: Error) => void
  readonly #context = new CodecContext()
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  #open = true

  constructor(options: { output: (samples: Float32Array) => void; failed: (error: Error) => void }) {
    this.#output = options.output
    this.#failed = options.failed
    try {
      const codec = Codec.findDecoderByName(FF_DECODER_LIBOPUS)
      if (!codec) throw new MediaError('unsupported', 'this build of node-av has no libopus decoder')
      this.#context.allocContext3(codec)
      this.#context.sampleRate = SAMPLE_RATE
      this.#context.channelLayout = AV_CHANNEL_LAYOUT_MONO
      check(this.#context.setOption('request_sample_fmt', 'flt'), 'ask libopus for float samples')
      check(this.#context.open2Sync(codec, null), 'open the Opus decoder')
      this.#frame.alloc()
      this.#packet.alloc()
    } catch (error) {
      this.#free()
      throw error
    }
  }

  decode(packet: Uint8Array): void {
    // An empty packet means the end of the stream to FFmpeg: everything after it would be refused.
    if (!this.#open || packet.length === 0) return
    try {
      const samples = this.#run(packet)
      if (samples) this.#output(samples)
    } catch (error) {
      this.#failed(error as Error)
    }
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#free()
  }

  #run(packet: Uint8Array): Float32Array | undefined {
    this.#packet.data = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)
    const sent = this.#context.sendPacketSync(this.#packet)
    this.#packet.unref()
    check(sent, 'decode Opus')
    const received = this.#context.receiveFrameSync(this.#frame)
    if (received === AVERROR_EAGAIN) return undefined
    check(received, 'decode Opus')
    try {
      return samplesOf(this.#frame.toBuffer(), this.#frame.nbSamples)
    } finally {
      this.#frame.unref()
    }
  }

  #free(): void {
    this.#packet.free()
    this.#frame.free()
    this.#context.freeContext()
  }
}
