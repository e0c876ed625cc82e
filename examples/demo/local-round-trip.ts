import { opusCodec, readAudioFile } from '@arclight/client-node/audio/node-av'
import { Framer } from '@arclight/core/media'

/** A file as it sounds after Opus alone: what a listener should hear, with nothing between. */
export async function localRoundTrip(path: string, bitrate: number): Promise<Float32Array> {
  const heard: Float32Array[] = []
  const failed = (error: Error): never => {
    throw error
  }
  const codec = opusCodec()
  const decoder = await codec.createDecoder({ output: (samples) => void heard.push(samples.slice()), failed })
  const encoder = await codec.createEncoder({ headroom: 0, bitrate, output: (bytes) => decoder.decode(bytes), failed })
  const framer = new Framer(encoder.frameSamples)
  for (const chunk of readAudioFile(path)) framer.push(chunk, (frame) => encoder.encode(frame))
  framer.flush((frame) => encoder.encode(frame))
  encoder.close()
  decoder.close()
  return join(heard)
}

/** All of a file's sound in memory: for short clips. */
export function readWhole(path: string): Float32Array {
  return join([...readAudioFile(path)])
}

function join(chunks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
