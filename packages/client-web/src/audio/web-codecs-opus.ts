import type { AudioCodec, AudioDecoder as Decoder, AudioEncoder as Encoder } from '@arclight/core/contracts'
import { SAMPLE_RATE } from './audio-engine.ts'
import { mediaError, translateMediaFailure } from './media-failure.ts'

/** 20 ms. */
const FRAME_SAMPLES = 960
const FRAME_MICROSECONDS = 20_000

/** Opus by the browser's own WebCodecs: Chrome 94, Firefox 130, Safari 26. Rejects with MediaError elsewhere. */
export async function webCodecsOpus(): Promise<AudioCodec> {
  if (typeof AudioEncoder === 'undefined' || typeof AudioDecoder === 'undefined') throw mediaError('unsupported')
  return {
    format: { kind: 'audio', codec: 'opus', sampleRate: SAMPLE_RATE, channels: 1 },
    createEncoder: async (options) => createEncoder(options),
    createDecoder: async (options) => createDecoder(options),
  }
}

function createEncoder({ headroom, bitrate, output, failed }: Parameters<AudioCodec['createEncoder']>[0]): Encoder {
  let timestamp = 0
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(headroom + chunk.byteLength)
      chunk.copyTo(bytes.subarray(headroom))
      output(bytes)
    },
    error: (error) => failed(translateMediaFailure(error)),
  })
  encoder.configure({
    codec: 'opus',
    sampleRate: SAMPLE_RATE,
    numberOfChannels: 1,
    bitrate,
    opus: { frameDuration: FRAME_MICROSECONDS },
  })
  return {
    frameSamples: FRAME_SAMPLES,
    encode: (samples) => {
      if (encoder.state !== 'configured') return
      const data = new AudioData({
        format: 'f32-planar',
        sampleRate: SAMPLE_RATE,
        numberOfFrames: samples.length,
        numberOfChannels: 1,
        timestamp,
        data: samples.slice(),
      })
      timestamp += FRAME_MICROSECONDS
      encoder.encode(data)
      data.close()
    },
    flush: async () => {
      if (encoder.state === 'configured') await encoder.flush()
    },
    close: () => {
      if (encoder.state !== 'closed') encoder.close()
    },
  }
}

function createDecoder({ output, failed }: Parameters<AudioCodec['createDecoder']>[0]): Decoder {
  let timestamp = 0
  const decoder = new AudioDecoder({
    output: (data) => {
      const samples = new Float32Array(data.numberOfFrames)
      data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
      data.close()
      output(samples)
    },
    error: (error) => failed(translateMediaFailure(error)),
  })
  decoder.configure({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: 1 })
  return {
    decode: (packet) => {
      if (decoder.state !== 'configured') return
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: packet.slice() }))
      timestamp += FRAME_MICROSECONDS
    },
    close: () => {
      if (decoder.state !== 'closed') decoder.close()
    },
  }
}
