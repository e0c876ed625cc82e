import { MediaError } from '@arclight/core'
import type { AudioSink } from '@arclight/core/contracts'
import { Framer } from '@arclight/core/media'
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_S16,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_FLUSH_PACKETS,
  AVFMT_GLOBALHEADER,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_PCM_S16LE,
} from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Packet, Rational, type Stream } from 'node-av/lib'
import { bytesOf, check } from './ffmpeg.ts'
import { FRAME_SAMPLES, SAMPLE_RATE } from './opus-encoder.ts'

const KINDS = {
  wav: { muxer: 'wav', codec: FF_ENCODER_PCM_S16LE, format: AV_SAMPLE_FMT_S16 },
  ogg: { muxer: 'ogg', codec: FF_ENCODER_LIBOPUS, format: AV_SAMPLE_FMT_FLT },
} as const
type Kind = (typeof KINDS)[keyof typeof KINDS]

/** A speaker's sound as a file, `.wav` or `.ogg` (Opus). What was said is written as it comes, pauses left out. */
export function fileSink(path: string): AudioSink {
  const writer = new FileWriter(path)
  return {
    write: (samples) => writer.write(samples),
    pause: () => {},
    close: async () => writer.close(),
  }
}

class FileWriter {
  readonly #kind: Kind
  readonly #output = new FormatContext()
  readonly #encoder = new CodecContext()
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  readonly #framer = new Framer(FRAME_SAMPLES)
  #stream: Stream | undefined
  #pts = 0n
  #open = true

  constructor(path: string) {
    const kind = KINDS[path.slice(path.lastIndexOf('.') + 1).toLowerCase() as keyof typeof KINDS]
    if (!kind) throw new MediaError('unsupported', `expected a file ending in .wav or .ogg, got ${path}`)
    this.#kind = kind
    try {
      this.#create(path)
    } catch (error) {
      this.#free()
      throw error
    }
  }

  write(samples: Float32Array): void {
    if (this.#open) this.#framer.push(samples, (frame) => this.#encode(frame))
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.#framer.flush((frame) => this.#encode(frame))
      check(this.#encoder.sendFrameSync(null), 'finish the sound')
      this.#drain()
      check(this.#output.writeTrailerSync(), 'finish the file')
    } finally {
      this.#free()
    }
  }

  #create(path: string): void {
    const codec = Codec.findEncoderByName(this.#kind.codec)
    if (!codec) throw new MediaError('unsupported', `this build of node-av has no ${this.#kind.codec} encoder`)
    check(this.#output.allocOutputContext2(null, this.#kind.muxer, `file:${path}`), `create ${path}`)
    this.#encoder.allocContext3(codec)
    this.#encoder.sampleRate = SAMPLE_RATE
    this.#encoder.channelLayout = AV_CHANNEL_LAYOUT_MONO
    this.#encoder.sampleFormat = this.#kind.format
    this.#encoder.timeBase = new Rational(1, SAMPLE_RATE)
    const flags = this.#output.oformat?.flags ?? 0
    if (flags & AVFMT_GLOBALHEADER) this.#encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
    check(this.#encoder.open2Sync(codec, null), 'open the audio encoder')
    const stream = this.#output.newStream(null)
    check(this.#encoder.parametersFromContext(stream.codecpar), 'describe the sound')
    stream.timeBase = this.#encoder.timeBase
    this.#stream = stream
    // Without it a process that dies leaves up to 32 KiB unwritten, which is all of a short file.
    this.#output.setFlags(AVFMT_FLAG_FLUSH_PACKETS)
    check(this.#output.openOutputSync(), `create ${path}`)
    check(this.#output.writeHeaderSync(null), `write ${path}`)
    this.#frame.alloc()
    this.#packet.alloc()
  }

  #encode(samples: Float32Array): void {
    this.#frame.nbSamples = samples.length
    this.#frame.format = this.#kind.format
    this.#frame.sampleRate = SAMPLE_RATE
    this.#frame.channelLayout = AV_CHANNEL_LAYOUT_MONO
    this.#frame.pts = this.#pts
    this.#pts += BigInt(samples.length)
    check(this.#frame.getBuffer(), 'allocate an audio frame')
    const bytes = this.#kind.format === AV_SAMPLE_FMT_S16 ? toInt16(samples) : bytesOf(samples)
    check(this.#frame.fromBuffer(bytes), 'fill the audio frame')
    const sent = this.#encoder.sendFrameSync(this.#frame)
    this.#frame.unref()
    check(sent, 'encode the sound')
    this.#drain()
  }

  #drain(): void {
    const stream = this.#stream
    if (!stream) return
    for (;;) {
      const received = this.#encoder.receivePacketSync(this.#packet)
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return
      check(received, 'encode the sound')
      this.#packet.streamIndex = stream.index
      this.#packet.rescaleTs(this.#encoder.timeBase, stream.timeBase)
      check(this.#output.interleavedWriteFrameSync(this.#packet), 'write the sound')
    }
  }

  #free(): void {
    this.#packet.free()
    this.#frame.free()
    this.#encoder.freeContext()
    this.#output.freeContext()
  }
}

/** 16-bit PCM; what is past full scale is clipped. */
function toInt16(samples: Float32Array): Buffer {
  const pcm = new Int16Array(samples.length)
  for (const [index, sample] of samples.entries()) {
    pcm[index] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)))
  }
  return Buffer.from(pcm.buffer)
}
