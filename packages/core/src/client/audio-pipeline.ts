import { HEADER_BYTES } from '../codec/media-header.ts'
import type { AudioCodec, AudioEncoder } from '../contracts/audio-codec.ts'
import type { AudioConsumer, AudioSource } from '../contracts/audio-source.ts'
import { Framer } from '../media/framer.ts'
import { audioLevel } from '../media/level.ts'
import { SampleClock } from '../media/sample-clock.ts'
import type { Microseconds, Milliseconds } from '../time/units.ts'

/** One encoded frame of a source. */
export interface EncodedAudio {
  /** Room for a media header, then the packet; the receiver's from here on. */
  readonly bytes: Uint8Array
  readonly timestamp: Microseconds
  /** The timeline jumped before this frame. */
  readonly discontinuity: boolean
  /** −dBov. */
  readonly level: number
  /** The source is over with this frame. */
  readonly last: boolean
}

/** What a pipeline is made of. */
export interface AudioPipelineOptions {
  readonly source: AudioSource
  readonly codec: AudioCodec
  /** Bits a second. */
  readonly bitrate: number
  /** Whether frames are wanted now; those that are not are never encoded. */
  readonly wanted?: () => boolean
  readonly output: (frame: EncodedAudio) => void
  /** The source is over or broken. */
  readonly ended: (error?: Error) => void
}

/** Source → frames of 20 ms → level → encoder, with each packet's place in time. */
export class AudioPipeline {
  readonly #options: AudioPipelineOptions
  /** What of each frame is known before its packet is; encoders answer one for one, in order. */
  readonly #coming: Omit<EncodedAudio, 'bytes'>[] = []
  #encoder: AudioEncoder | undefined

  constructor(options: AudioPipelineOptions) {
    this.#options = options
  }

  /** Opens the source. Rejects with MediaError. */
  async start(): Promise<void> {
    const { bitrate, codec, ended, output, source } = this.#options
    const encoder = await codec.createEncoder({
      headroom: HEADER_BYTES,
      bitrate,
      output: (bytes) => {
        const coming = this.#coming.shift()
        if (coming) output({ ...coming, bytes })
      },
      failed: ended,
    })
    this.#encoder = encoder
    try {
      await source.open(this.#consume(encoder, codec.format.sampleRate))
    } catch (error) {
      this.#encoder = undefined
      encoder.close()
      throw error
    }
  }

  /** Releases the device or file; what was still being encoded comes out first. */
  async stop(): Promise<void> {
    const encoder = this.#encoder
    this.#encoder = undefined
    await this.#options.source.close()
    await encoder?.flush()
    encoder?.close()
  }

  #consume(encoder: AudioEncoder, sampleRate: number): AudioConsumer {
    const framer = new Framer(encoder.frameSamples)
    const clock = new SampleClock(sampleRate)
    let at: Milliseconds = 0
    /** The timeline jumped, and no frame has told of it yet. */
    let jumped = false
    const encode = (frame: Float32Array, last: boolean): void => {
      const stamp = clock.stamp(frame.length, at)
      at += (frame.length / sampleRate) * 1000
      jumped ||= stamp.discontinuity
      if (this.#options.wanted?.() === false) return
      this.#coming.push({ timestamp: stamp.timestamp, discontinuity: jumped, level: audioLevel(frame), last })
      jumped = false
      encoder.encode(frame)
    }
    return {
      samples: (samples, taken) => {
        at = taken - (framer.pending / sampleRate) * 1000
        framer.push(samples, (frame) => encode(frame, false))
      },
      ended: (error) => {
        if (framer.pending > 0) framer.flush((frame) => encode(frame, true))
        else encode(new Float32Array(encoder.frameSamples), true)
        this.#options.ended(error)
      },
    }
  }
}
