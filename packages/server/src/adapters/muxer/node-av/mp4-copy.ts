import { setImmediate } from 'node:timers/promises'
import { MediaError } from '@arclight/core'
import { AVERROR_EOF, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { FormatContext, InputFormat, Packet, type Stream } from 'node-av/lib'
import { PACKET_SAMPLES } from './aac-encoder.ts'
import type { WrittenAudio } from './audio-track.ts'
import { check, fileUrl } from './ffmpeg.ts'
import type { Mp4Output } from './mp4-output.ts'
import type { WrittenVideo } from './video-track.ts'

/** So many packets take 5 ms: then the host's other recordings have their turn. */
const TURN = 1000

/** What came over, in the ticks of each stream. */
export interface Copied {
  readonly video: WrittenVideo | undefined
  readonly audio: WrittenAudio | undefined
}

interface Copy {
  readonly from: Stream['timeBase']
  readonly to: Stream['timeBase']
  packets: number
  last: number
  end: number
}

/** Declares the streams of `path`, one of our files, in `output`, begins it and copies every packet. */
export async function copyMp4(path: string, output: Mp4Output): Promise<Copied> {
  const input = new FormatContext()
  const packet = new Packet()
  try {
    packet.alloc()
    // The format is named: what is inside a file must not choose its reader.
    check(input.openInputSync(fileUrl(path), InputFormat.findInputFormat('mov'), null), `open ${path}`)
    check(input.findStreamInfoSync(null), `read ${path}`)
    const streams = input.streams
    for (const stream of streams) declare(stream, output)
    output.begin()
    const copies = streams.map(({ timeBase, index }) => newCopy(timeBase, output.timeBaseOf(index)))
    for (let packets = 1; ; packets++) {
      const read = input.readFrameSync(packet)
      if (read === AVERROR_EOF) break
      check(read, `read ${path}`)
      const copy = copies[packet.streamIndex]
      if (copy) copyPacket(packet, copy, output)
      packet.unref()
      if (packets % TURN === 0) await setImmediate()
    }
    return describe(streams, copies)
  } finally {
    packet.free()
    input.closeInputSync()
  }
}

function declare(source: Stream, output: Mp4Output): void {
  const stream = output.addStream()
  check(source.codecpar.copy(stream.codecpar), 'copy a track')
  // Copying clears the tag where the two formats differ, and the parameter sets are in band for good.
  stream.codecpar.codecTag = source.codecpar.codecTag
  stream.timeBase = source.timeBase
}

function newCopy(from: Stream['timeBase'], to: Stream['timeBase']): Copy {
  return { from, to, packets: 0, last: 0, end: 0 }
}

function copyPacket(packet: Packet, copy: Copy, output: Mp4Output): void {
  packet.rescaleTs(copy.from, copy.to)
  copy.packets++
  copy.last = Number(packet.pts)
  copy.end = Math.max(copy.end, copy.last + Number(packet.duration))
  output.write(packet)
}

function describe(streams: readonly Stream[], copies: readonly Copy[]): Copied {
  let video: WrittenVideo | undefined
  let audio: WrittenAudio | undefined
  for (const { index, codecpar } of streams) {
    const copy = copies[index]
    if (!copy) throw new MediaError('failed', `expected a stream ${index}`)
    const { packets, last, end } = copy
    const { width, height } = codecpar
    if (codecpar.codecType === AVMEDIA_TYPE_VIDEO) video = { index, frames: packets, last, end, width, height }
    const next = packets > 0 ? last + PACKET_SAMPLES : -PACKET_SAMPLES
    if (codecpar.codecType === AVMEDIA_TYPE_AUDIO) audio = { index, packets, next, end }
  }
  return { video, audio }
}
