import { MediaFlag, MediaKind, NO_LEVEL, setTrack, writeHeader } from '../../codec/media-header.ts'
import type { SourceFrame, SourceTrack } from '../../contracts/recording-source.ts'
import type { MediaFormat } from '../../protocol/track.ts'
import { FrameBuffer, type Gap } from '../../state/frame-buffer.ts'
import type { Milliseconds } from '../../time/units.ts'

/** Where frames leave. */
interface FrameLink {
  sendReliably(frame: Uint8Array): void
  withdraw(frame: Uint8Array): void
}

/** One track of a recording on its way: numbered, kept until stored, sent again where a connection or server died. */
export class RecordingTrack {
  readonly key: string
  readonly format: MediaFormat
  readonly #buffer = new FrameBuffer()
  readonly #link: FrameLink
  #number: number | undefined
  #next = 0

  constructor({ key, format }: SourceTrack, link: FrameLink) {
    this.key = key
    this.format = format
    this.#link = link
  }

  get number(): number | undefined {
    return this.#number
  }

  /** Frames taken so far; the next frame's seq. */
  get sent(): number {
    return this.#next
  }

  get stored(): number {
    return this.#buffer.stored
  }

  /** Frames that are not on the server's disk yet. */
  get pending(): number {
    return this.#buffer.size
  }

  get gaps(): readonly Gap[] {
    return this.#buffer.gaps
  }

  /** Takes a frame of the source. */
  push({ bytes, timestamp, keyFrame, level }: SourceFrame, now: Milliseconds): void {
    const seq = this.#next++
    writeHeader(bytes, {
      kind: this.format.kind === 'video' ? MediaKind.video : MediaKind.audio,
      flags: keyFrame ? MediaFlag.keyFrame : 0,
      track: this.#number ?? 0,
      seq,
      level: level ?? NO_LEVEL,
      timestamp,
    })
    for (const dropped of this.#buffer.push({ seq, bytes, keyFrame, at: now })) this.#link.withdraw(dropped.bytes)
    if (this.#number !== undefined) this.#link.sendReliably(bytes)
  }

  /** The track has a number on this connection: what the server lacks goes out. */
  attach(number: number, next: number): void {
    this.#number = number
    for (const { bytes } of this.#buffer.from(next)) {
      setTrack(bytes, number)
      this.#link.sendReliably(bytes)
    }
  }

  /** The connection dropped: frames are kept. */
  detach(): void {
    this.#number = undefined
  }

  acked(stored: number): void {
    this.#buffer.ack(stored)
  }
}
