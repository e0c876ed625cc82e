import { spawnSync } from 'node:child_process'
import { AV_LOG_FATAL, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Log, Packet, type Stream } from 'node-av/lib'
import { isFlash, readCounter } from './counter.ts'

/** A file as a player shows it. Times are seconds. */
export interface DecodedFile {
  readonly codecs: string[]
  readonly duration: number
  readonly pictures: { readonly time: number; readonly counter: number; readonly width: number }[]
  readonly flashes: number[]
  /** The sound from its first sample on, at 44.1 kHz. */
  readonly samples: Float32Array
  readonly soundStart: number
  /** Where the sound's timestamps and its samples disagree by more than half a sample. */
  readonly soundBreaks: number
  readonly errors: number
}

interface Decoder {
  readonly context: CodecContext
  readonly isVideo: boolean
  readonly tick: number
}

function decoderOf({ codecpar, timeBase }: Stream): Decoder {
  const codec = Codec.findDecoder(codecpar.codecId)
  if (!codec) throw new Error('no decoder')
  const context = new CodecContext()
  context.allocContext3(codec)
  context.parametersToContext(codecpar)
  context.pktTimebase = timeBase
  context.open2Sync(codec, null)
  return { context, isVideo: codecpar.codecType === AVMEDIA_TYPE_VIDEO, tick: timeBase.num / timeBase.den }
}

export function decodeFile(path: string): DecodedFile {
  // What is damaged on purpose is counted, not printed.
  Log.setLevel(AV_LOG_FATAL)
  const input = new FormatContext()
  if (input.openInputSync(path, null, null) < 0) throw new Error(`cannot open ${path}`)
  input.findStreamInfoSync(null)
  const { streams } = input
  const duration = Number(input.duration) / 1e6
  const decoders = streams.map(decoderOf)
  const codecs = streams.map(({ codecpar }) => codecpar.codecTagString ?? '')
  const pictures: DecodedFile['pictures'] = []
  const flashes: number[] = []
  const pieces: Buffer[] = []
  let [errors, soundStart, soundEnd, soundBreaks] = [0, Number.NaN, Number.NaN, 0]
  const frame = new Frame()
  frame.alloc()
  const pull = ({ context, isVideo, tick }: Decoder): void => {
    while (context.receiveFrameSync(frame) >= 0) {
      const time = Number(frame.pts) * tick
      const bytes = frame.toBuffer()
      const { width, height, nbSamples, sampleRate } = frame
      frame.unref()
      if (isVideo) {
        pictures.push({ time, counter: readCounter(bytes, width, height), width })
        if (isFlash(bytes, width, height)) flashes.push(time)
        continue
      }
      if (Number.isNaN(soundStart)) soundStart = time
      else if (Math.abs(time - soundEnd) > 0.5 / sampleRate) soundBreaks++
      soundEnd = time + nbSamples / sampleRate
      pieces.push(Buffer.from(bytes.subarray(0, nbSamples * 4)))
    }
  }
  const packet = new Packet()
  packet.alloc()
  while (input.readFrameSync(packet) >= 0) {
    const decoder = decoders[packet.streamIndex]
    if (decoder && decoder.context.sendPacketSync(packet) < 0) errors++
    packet.unref()
    if (decoder) pull(decoder)
  }
  for (const decoder of decoders) {
    decoder.context.sendPacketSync(null)
    pull(decoder)
    decoder.context.freeContext()
  }
  packet.free()
  frame.free()
  input.closeInputSync()
  const sound = Buffer.concat(pieces)
  const samples = new Float32Array(sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.length))
  return { codecs, duration, pictures, flashes, samples, soundStart, soundBreaks, errors }
}

/** Seconds at which sound begins after 50 ms of silence. */
export function onsets({ samples, soundStart }: DecodedFile): number[] {
  const found: number[] = []
  let quiet = Number.POSITIVE_INFINITY
  for (const [index, sample] of samples.entries()) {
    if (Math.abs(sample) <= 0.1) quiet++
    else {
      if (quiet > 2205) found.push(soundStart + index / 44_100)
      quiet = 0
    }
  }
  return found
}

/** How alike two stretches of sound are: 1 where they are the same. */
export function correlation(one: Float32Array, other: Float32Array): number {
  let [product, first, second] = [0, 0, 0]
  for (const [index, sample] of one.entries()) {
    const opposite = other[index] ?? 0
    product += sample * opposite
    first += sample * sample
    second += opposite * opposite
  }
  return product / Math.sqrt(first * second)
}

/** What FFmpeg's own tool complains about; empty where it does not. */
export function complaints(path: string): string {
  const { stderr } = spawnSync('ffprobe', ['-v', 'warning', '-count_frames', '-show_streams', path], {
    encoding: 'utf8',
  })
  return stderr
}
