import type { AudioCodec } from '@arclight/core/contracts'
import { OpusDecoder } from './opus-decoder.ts'
import { OpusEncoder, SAMPLE_RATE } from './opus-encoder.ts'

/** Opus by libopus, through node-av: 48 kHz, mono, 20 ms frames. */
export function opusCodec(): AudioCodec {
  return {
    format: { kind: 'audio', codec: 'opus', sampleRate: SAMPLE_RATE, channels: 1 },
    createEncoder: async (options) => new OpusEncoder(options),
    createDecoder: async (options) => new OpusDecoder(options),
  }
}
