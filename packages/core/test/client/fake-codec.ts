import type { AudioCodec, AudioDecoder, AudioEncoder } from '../../src/contracts/audio-codec.ts'
import { FORMAT } from './wire-data.ts'

type EncoderOptions = Parameters<AudioCodec['createEncoder']>[0]
type DecoderOptions = Parameters<AudioCodec['createDecoder']>[0]

/** A codec of one byte a packet: a hundred times the frame's first sample. */
export class FakeCodec implements AudioCodec {
  readonly format = FORMAT
  readonly encoders: FakeEncoder[] = []
  readonly decoders: FakeDecoder[] = []
  /** Packets stay in the encoder until they are released or flushed, as in an encoder with a thread of its own. */
  holds = false
  /** What `createDecoder` waits for. */
  decoderReady: Promise<void> = Promise.resolve()

  async createEncoder(options: EncoderOptions): Promise<AudioEncoder> {
    const encoder = new FakeEncoder(options, () => this.holds)
    this.encoders.push(encoder)
    return encoder
  }

  async createDecoder(options: DecoderOptions): Promise<AudioDecoder> {
    await this.decoderReady
    const decoder = new FakeDecoder(options)
    this.decoders.push(decoder)
    return decoder
  }

  /** All encoders hand out what they hold. */
  release(): void {
    for (const encoder of this.encoders) encoder.release()
  }
}

/** See {@link FakeCodec}. */
export class FakeEncoder implements AudioEncoder {
  readonly frameSamples = 960
  closed = false
  readonly #options: EncoderOptions
  readonly #holds: () => boolean
  readonly #held: Uint8Array[] = []

  constructor(options: EncoderOptions, holds: () => boolean) {
    this.#options = options
    this.#holds = holds
  }

  encode(samples: Float32Array): void {
    const bytes = new Uint8Array(this.#options.headroom + 1)
    bytes[this.#options.headroom] = Math.round((samples[0] ?? 0) * 100)
    this.#held.push(bytes)
    if (!this.#holds()) this.release()
  }

  async flush(): Promise<void> {
    this.release()
  }

  release(): void {
    for (const bytes of this.#held.splice(0)) if (!this.closed) this.#options.output(bytes)
  }

  close(): void {
    this.closed = true
  }
}

/** See {@link FakeCodec}: a packet comes out as one sample, its byte. */
export class FakeDecoder implements AudioDecoder {
  closed = false
  readonly #options: DecoderOptions

  constructor(options: DecoderOptions) {
    this.#options = options
  }

  decode(packet: Uint8Array): void {
    this.#options.output(Float32Array.from(packet))
  }

  close(): void {
    this.closed = true
  }
}
