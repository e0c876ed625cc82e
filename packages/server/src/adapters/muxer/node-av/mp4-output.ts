import { type FileHandle, open } from 'node:fs/promises'
import { Dictionary, FormatContext, Packet, type Stream } from 'node-av/lib'
import { disk } from './disk.ts'
import { check, fileUrl } from './ffmpeg.ts'

/** In 90 kHz ticks a frame may last 6.6 hours: with microseconds a pause of 36 minutes would be refused. */
export const VIDEO_RATE = 90_000
/** A late track's beginning is told in these ticks. */
const MOVIE_TIMESCALE = '1000000'

/**
 * A growing file is playable up to its last fragment, and a plain MP4 in the end. The index waits for each track's
 * first packet, for only then is a track's beginning known; the file is written to at each fragment's end.
 */
const GROWING = {
  movflags: '+hybrid_fragmented+frag_keyframe+delay_moov',
  flush_packets: '1',
  frag_duration: '500000',
}

type State = 'streams' | 'packets' | 'indexed' | 'finished' | 'freed'

/** An MP4 that is being written: the streams first, then `begin`, packets, and `finish`; `free` in any case. */
export class Mp4Output {
  readonly #format = new FormatContext()
  readonly #packet = new Packet()
  readonly #handle: FileHandle
  readonly #path: string
  readonly #growing: boolean
  #state: State = 'streams'
  /** The first failed write, for the later ones do not say what is wrong. Nothing is written after it. */
  #failure: { readonly result: number; readonly what: string } | undefined

  private constructor(handle: FileHandle, path: string, growing: boolean) {
    this.#handle = handle
    this.#path = path
    this.#growing = growing
    this.#packet.alloc()
  }

  /** Creates `path`, which must not be there: FFmpeg itself would empty it without a word. */
  static async create(path: string, options: { growing: boolean }): Promise<Mp4Output> {
    const handle = await disk(`create ${path}`, open(path, 'wx'))
    const output = new Mp4Output(handle, path, options.growing)
    try {
      check(output.#format.allocOutputContext2(null, 'mp4', fileUrl(path)), `create ${path}`)
      check(output.#format.openOutputSync(), `create ${path}`)
    } catch (error) {
      await output.free()
      throw error
    }
    return output
  }

  addStream(): Stream {
    return this.#format.newStream(null)
  }

  begin(): void {
    const growing = this.#growing ? GROWING : {}
    // Unlike open2Sync, writeHeaderSync copies the options: they are freed here.
    const options = Dictionary.fromObject({ ...growing, movie_timescale: MOVIE_TIMESCALE })
    try {
      this.#keep(this.#format.writeHeaderSync(options), 'begin the file')
    } finally {
      options.free()
    }
    this.#state = 'packets'
  }

  /** What the muxer made of a stream's time base; it may choose another than the one that was set. */
  timeBaseOf(index: number): Stream['timeBase'] {
    const stream = this.#format.streams[index]
    if (!stream) throw new RangeError(`no stream ${index}`)
    return stream.timeBase
  }

  write(packet: Packet): void {
    this.assertSound()
    this.#keep(this.#format.writeFrameSync(packet), 'write to the file')
  }

  /** Writes bytes as a packet of a stream, times in its ticks. */
  writeSample(index: number, sample: Buffer, times: { at: number; duration: number; keyFrame: boolean }): void {
    const packet = this.#packet
    packet.data = sample
    packet.streamIndex = index
    packet.pts = BigInt(times.at)
    packet.dts = packet.pts
    packet.duration = BigInt(times.duration)
    packet.isKeyframe = times.keyFrame
    try {
      this.write(packet)
    } finally {
      packet.unref()
    }
  }

  /** Only once each stream has a packet: what was written becomes playable. */
  endFragment(): void {
    this.assertSound()
    this.#keep(this.#format.writeFrameSync(null), 'write to the file')
    if (this.#state === 'indexed') return
    // The first flush writes only the index.
    this.#state = 'indexed'
    this.#keep(this.#format.writeFrameSync(null), 'write to the file')
  }

  /** Makes what is written durable; resolves to the file's size. */
  async sync(): Promise<number> {
    await disk(`write ${this.#path}`, this.#handle.datasync())
    const { size } = await disk(`look at ${this.#path}`, this.#handle.stat())
    return size
  }

  /** Writes the trailer; nothing can be written after it. */
  finish(): void {
    this.assertSound()
    this.#state = 'finished'
    this.#keep(this.#format.writeTrailerSync(), 'finish the file')
  }

  /** Throws the first write's failure again. */
  assertSound(): void {
    if (this.#failure) check(this.#failure.result, this.#failure.what)
    if (this.#state === 'freed') throw new RangeError('the file is closed')
  }

  /** Leaves the file as it is. */
  async free(): Promise<void> {
    if (this.#state === 'freed') return
    this.#state = 'freed'
    this.#packet.free()
    this.#format.closeOutputSync()
    this.#format.freeContext()
    await this.#handle.close()
  }

  #keep(result: number, what: string): void {
    if (result < 0) this.#failure ??= { result, what }
    check(result, what)
  }
}
