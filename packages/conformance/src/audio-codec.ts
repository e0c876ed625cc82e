import { MediaError } from '@arclight/core'
import type { AudioCodec, AudioEncoder } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a codec suite is told. */
export interface AudioCodecSuiteOptions {
  readonly create: () => AudioCodec | Promise<AudioCodec>
  /** What the codec is, in the titles. */
  readonly name?: string
}

const RATE = 48_000
const FRAME = 960
const HEADROOM = 16
const BITRATE = 32_000

/** The contract of `AudioCodec`, as vitest tests: call it in a test file. */
export function audioCodecSuite({ create, name = 'codec' }: AudioCodecSuiteOptions): void {
  describe(`${name} keeps the codec contract`, () => {
    test('it is Opus, 48 kHz, in frames of 20 ms', async () => {
      const codec = await create()
      expect(codec.format).toEqual({ kind: 'audio', codec: 'opus', sampleRate: RATE, channels: 1 })
      const { encoder } = await encoderOf(codec)
      expect(encoder.frameSamples).toBe(FRAME)
      encoder.close()
    })

    test('each frame is one packet behind its free bytes, all of them by the time of a flush', async () => {
      const { encoder, packets } = await encoderOf(await create())
      for (let frame = 0; frame < 50; frame++) encoder.encode(tone(440, frame))
      await encoder.flush()
      expect(packets).toHaveLength(50)
      for (const packet of packets) {
        expect(packet.length).toBeGreaterThan(HEADROOM)
        expect([...packet.subarray(0, HEADROOM)]).toEqual(Array(HEADROOM).fill(0))
      }
      encoder.encode(tone(440, 50))
      await encoder.flush()
      expect(packets).toHaveLength(51)
      encoder.close()
    })

    test('packets are their receiver’s, and the samples of a frame may be used again at once', async () => {
      const codec = await create()
      const [own, reused] = [await encoderOf(codec), await encoderOf(codec)]
      const samples = new Float32Array(FRAME)
      for (let frame = 0; frame < 20; frame++) {
        own.encoder.encode(tone(440, frame))
        samples.set(tone(440, frame))
        reused.encoder.encode(samples)
        samples.fill(0.9)
      }
      await Promise.all([own.encoder.flush(), reused.encoder.flush()])
      const before = own.packets.map((packet) => [...packet])
      own.packets[0]?.fill(0xff, 0, HEADROOM)
      expect(own.packets.slice(1).map((packet) => [...packet])).toEqual(before.slice(1))
      expect(reused.packets.map((packet) => [...packet])).toEqual(before)
      own.encoder.close()
      reused.encoder.close()
    })

    test('a tone comes back as the tone that it was, as loud, and as long', async () => {
      const { encoder, packets } = await encoderOf(await create())
      const frames = 50
      for (let frame = 0; frame < frames; frame++) encoder.encode(tone(1_000, frame))
      await encoder.flush()
      encoder.close()
      const heard = await decoded(
        await create(),
        packets.map((packet) => packet.subarray(HEADROOM)),
        frames,
      )
      // A decoder may keep back what its first packet only prepares: 6.5 ms of Opus, at most a frame.
      expect(heard.length).toBeGreaterThanOrEqual((frames - 1) * FRAME)
      expect(heard.length).toBeLessThanOrEqual(frames * FRAME)
      const steady = heard.subarray(10 * FRAME, 40 * FRAME)
      expect(strength(steady, 1_000)).toBeGreaterThan(0.35)
      expect(strength(steady, 1_000)).toBeLessThan(0.7)
      expect(strength(steady, 3_000)).toBeLessThan(0.05)
    })

    test('after a close nothing comes out, and closing again is no error', async () => {
      const { encoder, packets } = await encoderOf(await create())
      encoder.encode(tone(440, 0))
      await encoder.flush()
      encoder.close()
      encoder.close()
      expect(() => encoder.encode(tone(440, 1))).not.toThrow()
      await settled()
      expect(packets).toHaveLength(1)
    })

    test('packets that are none are reported or passed over, never thrown, and errors are MediaErrors', async () => {
      const errors: Error[] = []
      const codec = await create()
      const decoder = await codec.createDecoder({ output: () => {}, failed: (error) => errors.push(error) })
      for (const garbage of [
        new Uint8Array(0),
        new Uint8Array(1_500).fill(0xff),
        Uint8Array.of(0x03, 0xff),
        Uint8Array.of(7),
      ]) {
        expect(() => decoder.decode(garbage)).not.toThrow()
      }
      await settled()
      decoder.close()
      decoder.close()
      expect(() => decoder.decode(Uint8Array.of(0xf8, 0xff, 0xfe))).not.toThrow()
      expect(errors.filter((error) => !(error instanceof MediaError) && error.name !== 'MediaError')).toEqual([])
    })
  })
}

async function encoderOf(codec: AudioCodec): Promise<{ encoder: AudioEncoder; packets: Uint8Array[] }> {
  const packets: Uint8Array[] = []
  const failed = (error: Error): void => {
    throw error
  }
  const encoder = await codec.createEncoder({
    headroom: HEADROOM,
    bitrate: BITRATE,
    output: (bytes) => packets.push(bytes),
    failed,
  })
  return { encoder, packets }
}

/** What packets sound like; the bytes of each are used again at once. */
async function decoded(codec: AudioCodec, packets: readonly Uint8Array[], frames: number): Promise<Float32Array> {
  const heard: Float32Array[] = []
  let told = (): void => {}
  const enough = new Promise<void>((resolve, reject) => {
    told = () => heard.length >= frames - 1 && resolve()
    void codec
      .createDecoder({
        output: (samples) => {
          heard.push(samples.slice())
          told()
        },
        failed: reject,
      })
      .then((decoder) => {
        for (const packet of packets) {
          const bytes = packet.slice()
          decoder.decode(bytes)
          bytes.fill(0)
        }
        return enough.finally(() => settled().then(() => decoder.close()))
      })
      .catch(reject)
  })
  await enough
  await settled()
  const all = new Float32Array(heard.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const samples of heard) {
    all.set(samples, at)
    at += samples.length
  }
  return all
}

/** One frame of a tone at half scale. */
function tone(frequency: number, frame: number): Float32Array {
  return new Float32Array(FRAME).map((_, at) => Math.sin((2 * Math.PI * frequency * (frame * FRAME + at)) / RATE) / 2)
}

/** How strong a frequency is: its amplitude (Goertzel). */
function strength(samples: Float32Array, frequency: number): number {
  let [real, imaginary] = [0, 0]
  for (const [at, sample] of samples.entries()) {
    real += sample * Math.cos((2 * Math.PI * frequency * at) / RATE)
    imaginary += sample * Math.sin((2 * Math.PI * frequency * at) / RATE)
  }
  return (2 * Math.hypot(real, imaginary)) / samples.length
}

/** What a codec's own thread still had to say has been said. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}
