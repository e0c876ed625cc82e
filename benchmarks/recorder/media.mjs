import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLT,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBX264,
} from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'

/** What the recorder's default camera gives. */
export const VIDEO = { width: 640, height: 480, frameRate: 10, bitrate: 1_000_000 }
const SAMPLES = 960
const SAMPLE_RATE = 48_000

/** @typedef {{ kind: 'video' | 'audio', payload: Buffer, timestamp: number, keyFrame: boolean }} MediaPacket */

/** An opened encoder. @param {string} name @param {(context: CodecContext) => void} configure */
export function openEncoder(name, configure) {
  const codec = Codec.findEncoderByName(name)
  if (!codec) throw new Error(`this build of node-av has no ${name}`)
  const context = new CodecContext()
  context.allocContext3(codec)
  configure(context)
  if (context.open2Sync(codec, null) < 0) throw new Error(`${name} could not be opened`)
  return context
}

/** x264 as WebCodecs is set up: Baseline, Annex B, a key frame every second. @param {CodecContext} context */
export function configureX264(context, preset = 'veryfast') {
  context.width = VIDEO.width
  context.height = VIDEO.height
  context.pixelFormat = AV_PIX_FMT_YUV420P
  context.timeBase = new Rational(1, 1_000_000)
  context.framerate = new Rational(VIDEO.frameRate, 1)
  context.gopSize = VIDEO.frameRate
  context.maxBFrames = 0
  context.bitRate = BigInt(VIDEO.bitrate)
  context.threadCount = 1
  context.setOption('preset', preset)
  context.setOption('tune', 'zerolatency')
  context.setOption('profile', 'baseline')
  context.setOption('x264-params', 'annexb=1:repeat-headers=1:scenecut=0:log=-1')
}

/** A moving picture with a tone, encoded: what a browser would send in `seconds`, in order of time. */
export function makeMedia(seconds) {
  /** @type {MediaPacket[]} */
  const media = [...makeVideo(seconds), ...makeAudio(seconds)]
  return media.sort((one, other) => one.timestamp - other.timestamp)
}

/** @returns {Generator<MediaPacket>} */
function* makeVideo(seconds) {
  const context = openEncoder(FF_ENCODER_LIBX264, (one) => configureX264(one, 'ultrafast'))
  const { width, height, frameRate } = VIDEO
  const picture = Buffer.alloc((width * height * 3) / 2, 128)
  for (let number = 0; number < seconds * frameRate; number++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column += 8) {
        const light = 40 + ((row * 3 + column + number * 11 + ((row * column * (number % 7)) >> 6)) % 160)
        picture.fill(light, row * width + column, row * width + column + 8)
      }
    }
    const timestamp = Math.round((number * 1_000_000) / frameRate)
    const timeBase = { num: 1, den: 1_000_000 }
    const frame = Frame.fromVideoBuffer(picture, {
      width,
      height,
      format: AV_PIX_FMT_YUV420P,
      pts: BigInt(timestamp),
      timeBase,
    })
    context.sendFrameSync(frame)
    frame.free()
    yield* packets(context, 'video')
  }
  context.freeContext()
}

/** @returns {Generator<MediaPacket>} */
function* makeAudio(seconds) {
  const context = openEncoder(FF_ENCODER_LIBOPUS, (one) => {
    one.sampleRate = SAMPLE_RATE
    one.channelLayout = AV_CHANNEL_LAYOUT_MONO
    one.sampleFormat = AV_SAMPLE_FMT_FLT
    one.bitRate = 64_000n
    one.timeBase = new Rational(1, 1_000_000)
    one.setOption('frame_duration', '20')
  })
  const samples = new Float32Array(SAMPLES)
  for (let at = 0; at < seconds * SAMPLE_RATE; at += SAMPLES) {
    for (const index of samples.keys())
      samples[index] = 0.3 * Math.sin(((at + index) * 2 * Math.PI * 330) / SAMPLE_RATE)
    const frame = Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
      nbSamples: SAMPLES,
      format: AV_SAMPLE_FMT_FLT,
      sampleRate: SAMPLE_RATE,
      channelLayout: AV_CHANNEL_LAYOUT_MONO,
      pts: BigInt(Math.round((at * 1_000_000) / SAMPLE_RATE)),
    })
    context.sendFrameSync(frame)
    frame.free()
    for (const packet of packets(context, 'audio')) {
      yield { ...packet, timestamp: Math.round((at * 1_000_000) / SAMPLE_RATE), keyFrame: true }
    }
  }
  context.freeContext()
}

/** @param {CodecContext} context @param {'video' | 'audio'} kind @returns {Generator<MediaPacket>} */
function* packets(context, kind) {
  const packet = new Packet()
  packet.alloc()
  while (context.receivePacketSync(packet) >= 0) {
    yield { kind, payload: Buffer.from(packet.data), timestamp: Number(packet.pts), keyFrame: packet.isKeyframe }
    packet.unref()
  }
  packet.free()
}
