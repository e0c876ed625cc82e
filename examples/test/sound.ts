import { writeFileSync } from 'node:fs'

export const SAMPLE_RATE = 48_000

/** Writes a sine as a 16-bit mono WAV, a whole number of periods, so that it loops without a click. */
export function writeTone(path: string, frequency: number, seconds = 2): void {
  const count = SAMPLE_RATE * seconds
  const wav = Buffer.alloc(44 + count * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + count * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(SAMPLE_RATE, 24)
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(count * 2, 40)
  for (let index = 0; index < count; index++) {
    const sample = 0.3 * Math.sin((2 * Math.PI * frequency * index) / SAMPLE_RATE)
    wav.writeInt16LE(Math.round(sample * 32_767), 44 + index * 2)
  }
  writeFileSync(path, wav)
}

/** The power of one frequency in dB, by Goertzel's algorithm under a Hann window. */
export function powerAt(samples: Float32Array, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE)
  let [before, last] = [0, 0]
  for (const [index, sample] of samples.entries()) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / samples.length)
    const next = sample * window + coefficient * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - coefficient * last * before
  return 10 * Math.log10(power / samples.length ** 2 + 1e-20)
}

/** The loudness of each 10 ms, in dB above −60 dBFS: what makes two recordings of one speech alike. */
export function envelope(samples: Float32Array): Float32Array {
  const step = SAMPLE_RATE / 100
  const levels = new Float32Array(Math.floor(samples.length / step))
  for (let at = 0; at < levels.length; at++) {
    let sum = 0
    for (let index = at * step; index < (at + 1) * step; index++) sum += (samples[index] as number) ** 2
    levels[at] = Math.max(0, 60 + 10 * Math.log10(sum / step + 1e-12))
  }
  return levels
}

/** The highest correlation of `part` with any place in `loop`, which is taken to go round. */
export function bestMatch(part: Float32Array, loop: Float32Array): number {
  let best = -1
  for (let lag = 0; lag < loop.length; lag++) best = Math.max(best, correlationAt(part, loop, lag))
  return best
}

function correlationAt(part: Float32Array, loop: Float32Array, lag: number): number {
  const other = part.map((_, index) => loop[(index + lag) % loop.length] as number)
  const [meanPart, meanOther] = [mean(part), mean(other)]
  let [product, power, otherPower] = [0, 0, 0]
  for (const [index, value] of part.entries()) {
    const [a, b] = [value - meanPart, (other[index] as number) - meanOther]
    product += a * b
    power += a * a
    otherPower += b * b
  }
  return power === 0 || otherPower === 0 ? 0 : product / Math.sqrt(power * otherPower)
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
