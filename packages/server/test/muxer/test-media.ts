import type { MuxerFrame } from '@arclight/core/contracts'
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLT,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBX264,
} from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import { drawCounter } from './counter.ts'

/** What a publisher sends, in the order of its timestamps. */
export interface TestFrame extends MuxerFrame {
  readonly track: 'video' | 'audio'
  /** Of a picture: what is drawn in it. */
  readonly counter: number
}

function check(result: number): void {
  if (result < 0) throw new Error(`FFmpeg answered ${result}`)
}

function encoder(name: Parameters<typeof Codec.findEncoderByName>[0]): { codec: Codec; context: CodecContext } {
  const codec = Codec.findEncoderByName(name)
  if (!codec) throw new Error(`no encoder ${name}`)
  const context = new CodecContext()
  context.allocContext3(codec)
  return { codec, context }
}

function* packetsOf(context: CodecContext, packet: Packet): Generator<{ data: Buffer; isKey: boolean; pts: number }> {
  while (context.receivePacketSync(packet) >= 0) {
    const data = Buffer.from(packet.data ?? [])
    const { isKeyframe: isKey, pts } = packet
    packet.unref()
    yield { data, isKey, pts: Number(pts) }
  }
}

/** H.264 Baseline in Annex B, a key frame each second; the frame's number is drawn into it, flashes are white. */
export function pictures(options: {
  frames: number
  start?: number
  width?: number
  height?: number
  rate?: number
  firstCounter?: number
  flashes?: readonly number[]
}): TestFrame[] {
  const { frames, start = 0, width = 320, height = 240, rate = 10, firstCounter = 0, flashes = [] } = options
  const { codec, context } = encoder(FF_ENCODER_LIBX264)
  context.width = width
  context.height = height
  context.pixelFormat = AV_PIX_FMT_YUV420P
  context.timeBase = new Rational(1, 1_000_000)
  context.framerate = new Rational(rate, 1)
  context.gopSize = rate
  context.maxBFrames = 0
  context.threadCount = 1
  const x264 = `annexb=1:repeat-headers=1:keyint=${rate}:min-keyint=${rate}:scenecut=0:log=-1`
  const settings = { preset: 'ultrafast', tune: 'zerolatency', profile: 'baseline', 'x264-params': x264 }
  for (const [key, value] of Object.entries(settings)) check(context.setOption(key, value))
  check(context.open2Sync(codec, null))
  const packet = new Packet()
  packet.alloc()
  const step = 1_000_000 / rate
  const white = new Set(flashes.map((time) => Math.round(time / step)))
  const made: TestFrame[] = []
  const picture = Buffer.alloc((width * height * 3) / 2, 128)
  for (let number = 0; number < frames; number++) {
    picture.fill(white.has(number) ? 235 : 30 + (number % 60), 0, width * height)
    drawCounter(picture, width, height, firstCounter + number)
    const pts = BigInt(Math.round(start + number * step))
    const shape = { width, height, format: AV_PIX_FMT_YUV420P, pts, timeBase: { num: 1, den: 1_000_000 } }
    const frame = Frame.fromVideoBuffer(picture, shape)
    check(context.sendFrameSync(frame))
    frame.free()
    for (const { data, isKey, pts: timestamp } of packetsOf(context, packet)) {
      made.push({ track: 'video', payload: data, timestamp, keyFrame: isKey, counter: firstCounter + number })
    }
  }
  packet.free()
  context.freeContext()
  return made
}

/** Opus packets of 20 ms, as WebCodecs gives them: the timestamps do not know of the pre-skip. */
export function sounds(options: {
  duration: number
  start?: number
  /** A sample at an instant in seconds; silence where it is not given. */
  wave?: (seconds: number) => number
}): TestFrame[] {
  const { duration, start = 0, wave = () => 0 } = options
  const { codec, context } = encoder(FF_ENCODER_LIBOPUS)
  context.sampleRate = 48_000
  context.channelLayout = AV_CHANNEL_LAYOUT_MONO
  context.sampleFormat = AV_SAMPLE_FMT_FLT
  context.bitRate = 64_000n
  context.timeBase = new Rational(1, 48_000)
  check(context.setOption('frame_duration', '20'))
  check(context.open2Sync(codec, null))
  const packet = new Packet()
  packet.alloc()
  const count = Math.floor(duration / 20_000)
  const made: TestFrame[] = []
  const samples = new Float32Array(960)
  const take = (): void => {
    for (const { data } of packetsOf(context, packet)) {
      const timestamp = start + made.length * 20_000
      if (made.length < count) made.push({ track: 'audio', payload: data, timestamp, keyFrame: true, counter: -1 })
    }
  }
  for (let at = 0; at < count * 960; at += 960) {
    for (let sample = 0; sample < 960; sample++) samples[sample] = wave((at + sample) / 48_000)
    const shape = { nbSamples: 960, format: AV_SAMPLE_FMT_FLT, sampleRate: 48_000, pts: BigInt(at) }
    const frame = Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
      ...shape,
      channelLayout: AV_CHANNEL_LAYOUT_MONO,
    })
    check(context.sendFrameSync(frame))
    frame.free()
    take()
  }
  check(context.sendFrameSync(null))
  take()
  packet.free()
  context.freeContext()
  return made
}

/** 50 ms of 1 kHz at each instant, in microseconds. */
export function beeps(times: readonly number[]): (seconds: number) => number {
  return (seconds) => {
    const isOn = times.some((time) => seconds >= time / 1e6 && seconds < time / 1e6 + 0.05)
    return isOn ? 0.8 * Math.sin(2 * Math.PI * 1000 * seconds) : 0
  }
}

/** Two voices that glide, so that no stretch of sound is like another. */
export function melody(seconds: number): number {
  const low = Math.sin(2 * Math.PI * (200 * seconds + 30 * Math.sin(seconds * 2.1)))
  return 0.3 * low + 0.2 * Math.sin(2 * Math.PI * (700 * seconds + 90 * Math.sin(seconds * 1.3)))
}

/** Frames of several tracks in the order in which they are sent. */
export function merged(...tracks: readonly TestFrame[][]): TestFrame[] {
  return tracks.flat().sort((one, other) => one.timestamp - other.timestamp)
}
