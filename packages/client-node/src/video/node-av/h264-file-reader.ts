import { MediaError } from '@arclight/core'
import { HEADER_BYTES } from '@arclight/core/codec'
import { AV_CODEC_ID_H264, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { BitStreamFilter, BitStreamFilterContext, FormatContext, Packet } from 'node-av/lib'
import { check } from '../../audio/node-av/ffmpeg.ts'

/** One access unit of a file. */
export interface FilePicture {
  /** Room for a media header, then Annex B; the receiver's from here on. */
  readonly bytes: Uint8Array
  /** Milliseconds from the file's first picture. */
  readonly at: number
  readonly keyFrame: boolean
}

/** Reads a file's H.264 as Annex B, without decoding it. Throws MediaError. */
export class H264FileReader {
  readonly width: number
  readonly height: number
  readonly #input = new FormatContext()
  readonly #filter = new BitStreamFilterContext()
  readonly #packet = new Packet()
  readonly #stream: number
  readonly #millisecondsPerTick: number

  constructor(path: string) {
    try {
      check(this.#input.openInputSync(path, null, null), `open ${path}`)
      check(this.#input.findStreamInfoSync(null), `read ${path}`)
      const stream = this.#input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)
      if (stream?.codecpar.codecId !== AV_CODEC_ID_H264) {
        throw new MediaError('unsupported', `expected a file with H.264 pictures: ${path}`)
      }
      this.#stream = stream.index
      this.width = stream.codecpar.width
      this.height = stream.codecpar.height
      this.#millisecondsPerTick = (1000 * stream.timeBase.num) / stream.timeBase.den
      const annexB = BitStreamFilter.getByName('h264_mp4toannexb')
      if (!annexB) throw new MediaError('unsupported', 'this build of node-av cannot write Annex B')
      check(this.#filter.alloc(annexB), 'set up Annex B')
      const parameters = this.#filter.inputCodecParameters
      check(parameters ? stream.codecpar.copy(parameters) : -1, 'set up Annex B')
      this.#filter.inputTimeBase = stream.timeBase
      check(this.#filter.init(), 'set up Annex B')
      this.#packet.alloc()
    } catch (error) {
      this.close()
      throw error
    }
  }

  *pictures(): Generator<FilePicture> {
    let first: number | undefined
    for (;;) {
      const read = this.#input.readFrameSync(this.#packet)
      if (read === AVERROR_EOF) return
      check(read, 'read the file')
      if (this.#packet.streamIndex !== this.#stream) {
        this.#packet.unref()
        continue
      }
      check(this.#filter.sendPacketSync(this.#packet), 'write Annex B')
      const received = this.#filter.receivePacketSync(this.#packet)
      if (received === AVERROR_EAGAIN) continue
      check(received, 'write Annex B')
      const at = Number(this.#packet.pts) * this.#millisecondsPerTick
      first ??= at
      yield this.#take(at - first)
    }
  }

  close(): void {
    this.#packet.free()
    this.#filter.free()
    this.#input.closeInputSync()
  }

  #take(at: number): FilePicture {
    const { data, isKeyframe } = this.#packet
    const bytes = new Uint8Array(HEADER_BYTES + (data?.length ?? 0))
    if (data) bytes.set(data, HEADER_BYTES)
    this.#packet.unref()
    return { bytes, at, keyFrame: isKeyframe }
  }
}
