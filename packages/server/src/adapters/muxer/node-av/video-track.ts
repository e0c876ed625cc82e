import type { Microseconds } from '@arclight/core'
import { AV_CODEC_ID_H264, AV_PIX_FMT_YUV420P, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Rational } from 'node-av/lib'
import type { AccessUnit, ParameterSets } from './access-unit.ts'
import { type Mp4Output, VIDEO_RATE } from './mp4-output.ts'

const MICROSECONDS = 1_000_000
/** Parameter sets in band: under `avc1` a new picture size would make the rest undecodable. */
const TAG = 'avc3'
/** How long the only frame of a file is shown. */
const ONLY_FRAME = VIDEO_RATE / 30

function toTicks(time: number): number {
  return Math.round((time * VIDEO_RATE) / MICROSECONDS)
}

/** What a file already holds, in ticks. */
export interface WrittenVideo {
  readonly index: number
  readonly frames: number
  /** Where the last frame begins. */
  readonly last: number
  readonly end: number
  readonly width: number
  readonly height: number
}

interface HeldFrame {
  readonly sample: Buffer
  readonly at: number
  readonly timestamp: Microseconds
  readonly keyFrame: boolean
}

/** Declares a video stream; the file has nothing of it yet. */
export function addVideo(output: Mp4Output, { annexB, sizes }: ParameterSets): WrittenVideo {
  const stream = output.addStream()
  const parameters = stream.codecpar
  parameters.codecType = AVMEDIA_TYPE_VIDEO
  parameters.codecId = AV_CODEC_ID_H264
  parameters.codecTag = TAG
  parameters.format = AV_PIX_FMT_YUV420P
  parameters.width = sizes.width
  parameters.height = sizes.height
  parameters.level = sizes.level
  parameters.extradata = annexB
  // As MP4 has it: the muxer then takes samples as they are, those of a copied file and ours alike.
  parameters.extradata = parameters.getDecoderConfigurationRecord()
  stream.timeBase = new Rational(1, VIDEO_RATE)
  return { index: stream.index, frames: 0, last: -1, end: 0, width: sizes.width, height: sizes.height }
}

/** Pictures into a file. The newest is held back, since only the next one tells how long it lasts. */
export class VideoTrack {
  readonly index: number
  readonly width: number
  readonly height: number
  readonly #output: Mp4Output
  readonly #origin: Microseconds
  #held: HeldFrame | undefined
  #frames: number
  #last: number
  #end: number
  #lastDuration = ONLY_FRAME
  #storable: Microseconds | undefined

  constructor(output: Mp4Output, origin: Microseconds, written: WrittenVideo) {
    this.index = written.index
    this.width = written.width
    this.height = written.height
    this.#output = output
    this.#origin = origin
    this.#frames = written.frames
    this.#last = written.last
    this.#end = written.end
    if (written.frames > 0) this.#storable = origin + Math.floor((written.last * MICROSECONDS) / VIDEO_RATE)
  }

  get frames(): number {
    return this.#frames
  }

  /** Microseconds from the file's first instant to the end of the last frame written. */
  get end(): number {
    return (this.#end * MICROSECONDS) / VIDEO_RATE
  }

  /** The timestamp of the last frame written. */
  storedUpTo(): Microseconds | undefined {
    return this.#storable
  }

  /** False where the file holds the frame. */
  push({ sample, keyFrame }: AccessUnit, timestamp: Microseconds): boolean {
    const held = this.#held
    let at = toTicks(timestamp - this.#origin)
    if (!held && at <= this.#last) return false
    // Decoding times must grow; FFmpeg would see to it by itself, and tell nobody.
    if (held) at = Math.max(at, held.at + 1)
    if (held) this.#write(held, at - held.at)
    this.#held = { sample, at, timestamp, keyFrame }
    return true
  }

  /** Writes the last frame; it is taken to last as long as the one before it. */
  finish(): void {
    if (this.#held) this.#write(this.#held, this.#lastDuration)
    this.#held = undefined
  }

  #write(frame: HeldFrame, duration: number): void {
    const { at, keyFrame, sample, timestamp } = frame
    this.#output.writeSample(this.index, sample, { at, duration, keyFrame })
    this.#frames++
    this.#last = at
    this.#end = at + duration
    this.#lastDuration = duration
    this.#storable = timestamp
  }
}
