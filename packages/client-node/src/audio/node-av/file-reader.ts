import { MediaError } from '@arclight/core'
import {
  AV_CHANNEL_LAYOUT_5POINT1_BACK,
  AV_CHANNEL_LAYOUT_7POINT1,
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CHANNEL_ORDER_NATIVE,
  AV_SAMPLE_FMT_FLT,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_AUDIO,
  type AVSampleFormat,
} from 'node-av/constants'
import { CodecContext, FormatContext, Frame, Packet, SoftwareResampleContext } from 'node-av/lib'
import { check, samplesOf } from './ffmpeg.ts'
import { SAMPLE_RATE } from './opus-encoder.ts'

/** Plain WAV names no layout, which the resampler refuses: the usual one of each channel count. */
const USUAL_LAYOUTS = new Map([
  [1, AV_CHANNEL_LAYOUT_MONO],
  [2, AV_CHANNEL_LAYOUT_STEREO],
  [6, AV_CHANNEL_LAYOUT_5POINT1_BACK],
  [8, AV_CHANNEL_LAYOUT_7POINT1],
])

/** What a file's native objects are; each is freed exactly once, by `free`. */
class Reader {
  readonly input = new FormatContext()
  readonly decoder = new CodecContext()
  readonly packet = new Packet()
  readonly frame = new Frame()
  readonly converted = new Frame()
  readonly resampler = new SoftwareResampleContext()
  #format = ''

  /** Opens the file's best audio stream; returns its index. */
  open(path: string): number {
    check(this.input.openInputSync(path, null, null), `open ${path}`)
    check(this.input.findStreamInfoSync(null), `read ${path}`)
    const best: number | ReturnType<FormatContext['findBestStream']> = this.input.findBestStream(
      AVMEDIA_TYPE_AUDIO,
      -1,
      -1,
      true,
    )
    if (typeof best === 'number' || !best.decoder) throw new MediaError('unsupported', `${path} has no sound to play`)
    const stream = this.input.streams[best.streamIndex]
    if (!stream) throw new MediaError('unsupported', `${path} has no sound to play`)
    this.decoder.allocContext3(best.decoder)
    check(this.decoder.parametersToContext(stream.codecpar), 'read the audio parameters')
    this.decoder.pktTimebase = stream.timeBase
    check(this.decoder.open2Sync(best.decoder, null), 'open the audio decoder')
    for (const object of [this.packet, this.frame, this.converted]) object.alloc()
    return best.streamIndex
  }

  /** Everything the decoder has ready. */
  *decoded(): Generator<Float32Array> {
    for (;;) {
      const received = this.decoder.receiveFrameSync(this.frame)
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return
      check(received, 'decode audio')
      yield* this.#fitResampler()
      const samples = this.convert(this.frame)
      this.frame.unref()
      if (samples) yield samples
    }
  }

  /** One frame at 48 kHz, mono; `null` asks for what the resampler still holds. */
  convert(frame: Frame | null): Float32Array | undefined {
    this.converted.format = AV_SAMPLE_FMT_FLT
    this.converted.sampleRate = SAMPLE_RATE
    this.converted.channelLayout = AV_CHANNEL_LAYOUT_MONO
    check(this.resampler.convertFrame(this.converted, frame), 'resample audio')
    const count = this.converted.nbSamples
    const samples = count > 0 ? samplesOf(this.converted.toBuffer(), count) : undefined
    this.converted.unref()
    return samples
  }

  get resampling(): boolean {
    return this.#format !== ''
  }

  free(): void {
    this.resampler.free()
    for (const object of [this.converted, this.frame, this.packet]) object.free()
    this.decoder.freeContext()
    this.input.closeInputSync()
  }

  /** The first frame, or a stream that changes its format, sets the resampler up. */
  *#fitResampler(): Generator<Float32Array> {
    let layout = this.frame.channelLayout
    if (layout.order !== AV_CHANNEL_ORDER_NATIVE) {
      const usual = USUAL_LAYOUTS.get(layout.nbChannels)
      if (!usual) throw new MediaError('unsupported', `a sound of ${layout.nbChannels} unnamed channels`)
      this.frame.channelLayout = usual
      layout = usual
    }
    const format = `${this.frame.format}/${this.frame.sampleRate}/${layout.nbChannels}/${layout.mask}`
    if (format === this.#format) return
    const rest = this.resampling ? this.convert(null) : undefined
    if (rest) yield rest
    const { resampler, frame } = this
    const source = frame.format as AVSampleFormat
    check(
      resampler.allocSetOpts2(AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_FLT, SAMPLE_RATE, layout, source, frame.sampleRate),
      'set up the resampler',
    )
    // Without it stereo mixed down to mono is 3 dB louder than either side.
    check(resampler.setOption('rematrix_maxval', 1), 'set up the resampler')
    check(resampler.init(), 'set up the resampler')
    this.#format = format
  }
}

/**
 * A file's sound (wav, ogg, mp3, mp4 and whatever else FFmpeg reads) at 48 kHz, mono, in chunks: the whole file is
 * never in memory. Throws MediaError.
 */
export function* readAudioFile(path: string): Generator<Float32Array> {
  const reader = new Reader()
  try {
    const stream = reader.open(path)
    for (;;) {
      const read = reader.input.readFrameSync(reader.packet)
      if (read === AVERROR_EOF) break
      check(read, `read ${path}`)
      const ours = reader.packet.streamIndex === stream
      const sent = ours ? reader.decoder.sendPacketSync(reader.packet) : 0
      reader.packet.unref()
      if (sent !== AVERROR_INVALIDDATA) check(sent, 'decode audio')
      if (ours) yield* reader.decoded()
    }
    check(reader.decoder.sendPacketSync(null), 'decode audio')
    yield* reader.decoded()
    if (!reader.resampling) return
    for (let rest = reader.convert(null); rest; rest = reader.convert(null)) yield rest
  } finally {
    reader.free()
  }
}
