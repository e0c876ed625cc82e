import { HEADER_BYTES, MediaFlag, MediaKind, writeHeader } from '../../codec/media-header.ts'
import type { AudioCodec, AudioEncoder } from '../../contracts/audio-codec.ts'
import type { AudioConsumer, AudioSource } from '../../contracts/audio-source.ts'
import { Framer } from '../../media/framer.ts'
import { audioLevel } from '../../media/level.ts'
import { SampleClock, type Stamp } from '../../media/sample-clock.ts'
import type { AudioFormat } from '../../protocol/track.ts'
import type { Milliseconds } from '../../time/units.ts'

/** What of a frame's header is known before its packet is. */
interface Coming {
  readonly stamp: Stamp
  readonly level: number
  readonly flags: number
}

/** Bits a second: clear speech with room for music. */
const DEFAULT_BITRATE = 32_000

/** What a local track is made of. */
export interface LocalTrackOptions {
  readonly key: string
  readonly source: AudioSource
  readonly codec: AudioCodec
  readonly bitrate?: number | undefined
  /** Takes each frame, ready to leave, and its level. */
  readonly send: (frame: Uint8Array, level: number) => void
  /** The source is over or broken. */
  readonly ended: (error?: Error) => void
}

/** A source on its way into a channel: framed, stamped, encoded, numbered. Muted, it sends nothing. */
export class LocalTrack {
  readonly key: string
  readonly format: AudioFormat
  readonly #options: LocalTrackOptions
  readonly #coming: Coming[] = []
  #number: number | undefined
  #seq = 0
  #muted = false
  #spurt = false
  #encoder: AudioEncoder | undefined

  constructor(options: LocalTrackOptions) {
    this.#options = options
    this.key = options.key
    this.format = options.codec.format
  }

  /** Frames sent so far; the next frame's seq. */
  get sent(): number {
    return this.#seq
  }

  get number(): number | undefined {
    return this.#number
  }

  /** The number that the server gave; undefined while not connected, when frames are not sent. */
  set number(value: number | undefined) {
    this.#number = value
  }

  setMuted(muted: boolean): void {
    this.#muted = muted
    if (muted) this.#spurt = false
  }

  /** Opens the source and starts sending. */
  async start(): Promise<void> {
    const { codec, source, bitrate = DEFAULT_BITRATE, ended } = this.#options
    const encoder = await codec.createEncoder({
      headroom: HEADER_BYTES,
      bitrate,
      output: (bytes) => this.#send(bytes),
      failed: ended,
    })
    this.#encoder = encoder
    try {
      await source.open(this.#consume(encoder))
    } catch (error) {
      encoder.close()
      throw error
    }
  }

  /** Releases the device or file. */
  async stop(): Promise<void> {
    this.#number = undefined
    await this.#options.source.close()
    this.#encoder?.close()
    this.#encoder = undefined
  }

  #consume(encoder: AudioEncoder): AudioConsumer {
    const { sampleRate } = this.format
    const framer = new Framer(encoder.frameSamples)
    const clock = new SampleClock(sampleRate)
    const silence = new Float32Array(encoder.frameSamples)
    let at: Milliseconds = 0
    const encode = (frame: Float32Array, flags: number): void => {
      const stamp = clock.stamp(frame.length, at)
      at += (frame.length / sampleRate) * 1000
      if (this.#muted || this.#number === undefined) return
      this.#coming.push({ stamp, level: audioLevel(frame), flags })
      encoder.encode(frame)
    }
    return {
      samples: (samples, taken) => {
        at = taken - (framer.pending / sampleRate) * 1000
        framer.push(samples, (frame) => encode(frame, 0))
      },
      ended: (error) => {
        const last = (frame: Float32Array): void => encode(frame, MediaFlag.talkSpurtEnd)
        if (framer.pending > 0) framer.flush(last)
        else last(silence)
        this.#options.ended(error)
      },
    }
  }

  #send(bytes: Uint8Array): void {
    const coming = this.#coming.shift()
    if (!coming || this.#number === undefined || this.#muted) return
    const start = this.#spurt ? 0 : MediaFlag.talkSpurtStart
    const discontinuity = coming.stamp.discontinuity ? MediaFlag.discontinuity : 0
    this.#spurt = !(coming.flags & MediaFlag.talkSpurtEnd)
    writeHeader(bytes, {
      kind: MediaKind.audio,
      flags: coming.flags | start | discontinuity,
      track: this.#number,
      seq: this.#seq,
      level: coming.level,
      timestamp: coming.stamp.timestamp,
    })
    this.#seq = (this.#seq + 1) % 2 ** 32
    this.#options.send(bytes, coming.level)
  }
}
