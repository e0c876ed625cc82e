import { MediaFlag, MediaKind, writeHeader } from '../../codec/media-header.ts'
import type { AudioCodec } from '../../contracts/audio-codec.ts'
import type { AudioSource } from '../../contracts/audio-source.ts'
import type { AudioFormat } from '../../protocol/track.ts'
import { AudioPipeline, type EncodedAudio } from '../audio-pipeline.ts'

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

/** A source on its way into a channel, numbered. Muted, it sends nothing. */
export class LocalTrack {
  readonly key: string
  readonly format: AudioFormat
  readonly #send: LocalTrackOptions['send']
  readonly #pipeline: AudioPipeline
  #number: number | undefined
  #seq = 0
  #sent = 0
  #muted = false
  #spurt = false

  constructor({ key, source, codec, bitrate = DEFAULT_BITRATE, send, ended }: LocalTrackOptions) {
    this.key = key
    this.format = codec.format
    this.#send = send
    this.#pipeline = new AudioPipeline({
      source,
      codec,
      bitrate,
      ended,
      wanted: () => this.#sends,
      output: (frame) => this.#output(frame),
    })
  }

  /** Frames sent so far, over all connections. */
  get sent(): number {
    return this.#sent
  }

  get number(): number | undefined {
    return this.#number
  }

  /** The number that the server gave; undefined while not connected, when frames are not sent. */
  set number(value: number | undefined) {
    if (value !== undefined && this.#number === undefined) {
      this.#seq = 0
      this.#spurt = false
    }
    this.#number = value
  }

  setMuted(muted: boolean): void {
    this.#muted = muted
    if (muted) this.#spurt = false
  }

  /** Opens the source and starts sending. */
  start(): Promise<void> {
    return this.#pipeline.start()
  }

  /** Releases the device or file. */
  async stop(): Promise<void> {
    await this.#pipeline.stop()
    this.#number = undefined
  }

  get #sends(): boolean {
    return this.#number !== undefined && !this.#muted
  }

  #output({ bytes, timestamp, discontinuity, level, last }: EncodedAudio): void {
    if (this.#number === undefined || this.#muted) return
    const start = this.#spurt ? 0 : MediaFlag.talkSpurtStart
    const end = last ? MediaFlag.talkSpurtEnd : 0
    this.#spurt = !last
    const flags = start | end | (discontinuity ? MediaFlag.discontinuity : 0)
    writeHeader(bytes, { kind: MediaKind.audio, flags, track: this.#number, seq: this.#seq, level, timestamp })
    this.#seq = (this.#seq + 1) % 2 ** 32
    this.#sent++
    this.#send(bytes, level)
  }
}
