import { MediaError } from '@arclight/core'
import { AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { avGetCodecName, CodecContext, FFmpegError, FormatContext, Frame, Packet, type Stream } from 'node-av/lib'

/** The counter of fixtures/make-picture.mjs. */
const BITS = 8
/** Between the dark and the bright bars. */
const MIDDLE = 125

/** What a recorded file holds. */
export interface Inspected {
  readonly video: string | undefined
  readonly audio: string | undefined
  /** Seconds. */
  readonly duration: number
  /** The number burnt into each picture, in the order in which they are shown. */
  readonly counters: readonly number[]
}

/** Decodes a file's pictures and reads the number of each. Throws where a picture cannot be decoded. */
export function inspect(path: string): Inspected {
  const input = new FormatContext()
  try {
    check(input.openInputSync(path, null, null), 'open')
    check(input.findStreamInfoSync(null), 'read')
    const video = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)
    const audio = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO)
    const duration = Number(input.duration) / 1_000_000
    const counters = video ? [...decodeCounters(input, video)] : []
    return { video: nameOf(video), audio: nameOf(audio), duration, counters }
  } finally {
    input.closeInputSync()
  }
}

function* decodeCounters(input: FormatContext, stream: Stream): Generator<number> {
  const [decoder, packet, frame] = [new CodecContext(), new Packet(), new Frame()]
  try {
    const best = input.findBestStream(AVMEDIA_TYPE_VIDEO, stream.index, -1, true)
    if (typeof best === 'number' || !best.decoder) throw new MediaError('unsupported', 'the pictures cannot be decoded')
    decoder.allocContext3(best.decoder)
    check(decoder.parametersToContext(stream.codecpar), 'set the decoder up')
    check(decoder.open2Sync(best.decoder, null), 'open the decoder')
    packet.alloc()
    frame.alloc()
    for (let read = input.readFrameSync(packet); read !== AVERROR_EOF; read = input.readFrameSync(packet)) {
      check(read, 'read')
      if (packet.streamIndex === stream.index) check(decoder.sendPacketSync(packet), 'decode')
      packet.unref()
      yield* decoded(decoder, frame)
    }
    check(decoder.sendPacketSync(null), 'decode')
    yield* decoded(decoder, frame)
  } finally {
    packet.free()
    frame.free()
    decoder.freeContext()
  }
}

function* decoded(decoder: CodecContext, frame: Frame): Generator<number> {
  for (;;) {
    const received = decoder.receiveFrameSync(frame)
    if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return
    check(received, 'decode')
    const counter = readCounter(frame.toBuffer(), frame.width, frame.height)
    frame.unref()
    yield counter
  }
}

/** Reads the bars in the middle of the upper quarter; the luma plane comes first, without padding. */
function readCounter(luma: Buffer, width: number, height: number): number {
  const row = Math.floor(height / 8) * width
  let value = 0
  for (let bit = 0; bit < BITS; bit++) {
    const column = Math.floor(((bit + 0.5) * width) / BITS)
    value = value * 2 + ((luma[row + column] ?? 0) > MIDDLE ? 1 : 0)
  }
  return value
}

function nameOf(stream: Stream | undefined): string | undefined {
  return stream && (avGetCodecName(stream.codecpar.codecId) ?? undefined)
}

function check(result: number, what: string): void {
  if (result < 0) throw new MediaError('failed', `could not ${what}: ${new FFmpegError(result).message}`)
}
