import { FF_ENCODER_LIBX264 } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib'
import { configureX264, openEncoder } from './media.mjs'

/**
 * The pictures decoded and encoded again with x264 veryfast, on one thread: what a recorder does that does not copy.
 * @param {readonly import('./media.mjs').MediaPacket[]} media
 * @returns {number} pictures that came out
 */
export function reEncode(media) {
  const codec = Codec.findDecoderByName('h264')
  if (!codec) throw new Error('this build of node-av has no H.264 decoder')
  const decoder = new CodecContext()
  decoder.allocContext3(codec)
  decoder.threadCount = 1
  if (decoder.open2Sync(codec, null) < 0) throw new Error('the decoder could not be opened')
  const encoder = openEncoder(FF_ENCODER_LIBX264, configureX264)
  const [packet, out, frame] = [new Packet(), new Packet(), new Frame()]
  for (const object of [packet, out, frame]) object.alloc()
  let pictures = 0
  const drain = () => {
    while (encoder.receivePacketSync(out) >= 0) {
      pictures++
      out.unref()
    }
  }
  const pass = () => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      encoder.sendFrameSync(frame)
      frame.unref()
      drain()
    }
  }
  for (const { kind, payload, timestamp } of media) {
    if (kind !== 'video') continue
    packet.data = payload
    packet.pts = BigInt(timestamp)
    decoder.sendPacketSync(packet)
    packet.unref()
    pass()
  }
  decoder.sendPacketSync(null)
  pass()
  encoder.sendFrameSync(null)
  drain()
  for (const object of [packet, out, frame]) object.free()
  decoder.freeContext()
  encoder.freeContext()
  return pictures
}
