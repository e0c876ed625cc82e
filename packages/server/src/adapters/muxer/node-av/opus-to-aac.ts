import type { Packet } from 'node-av/lib'
import { AacEncoder, PACKET_SAMPLES, SAMPLE_RATE } from './aac-encoder.ts'
import { OpusDecoder } from './opus-decoder.ts'

const MICROSECONDS = 1_000_000
/** Past this a packet's timestamp is believed rather than the count of samples: silence fills the gap. */
const GAP = (SAMPLE_RATE * 40) / 1000
/** Within it clocks are taken to agree; past it they are brought together by at most 5 ms a second. */
const DEADBAND = (SAMPLE_RATE * 5) / 1000
/** So many samples of a packet must be new for it to be taken. */
const PACKET = (SAMPLE_RATE * 20) / 1000

/** Microseconds as samples of the file's sound. */
export function toSamples(time: number): number {
  return Math.round((time * SAMPLE_RATE) / MICROSECONDS)
}

/**
 * Opus to AAC on one line of counted samples. Small errors of the timestamps are drift and are corrected slowly; a gap
 * becomes silence, and what lies behind the count is cut off.
 */
export class OpusToAac {
  readonly encoder: AacEncoder
  readonly #decoder: OpusDecoder
  /** The next packet is fitted in to the sample: it is the first, or follows silence. */
  #exact = true
  #started = false

  constructor(output: (packet: Packet) => void) {
    this.encoder = new AacEncoder(output)
    try {
      this.#decoder = new OpusDecoder()
    } catch (error) {
      this.encoder.free()
      throw error
    }
  }

  /** Samples from the file's first instant to the end of what was pushed. */
  get position(): number {
    return this.encoder.position
  }

  /**
   * Only before anything is pushed. Packets then come on the grid that a file has whose sound ends at `end`, and
   * early enough for the sound at `end` to be whole, where the sound from `from` on is fed.
   */
  continueFrom(end: number, from: number): void {
    if (this.#started) return
    this.#started = true
    const latest = end - 2 * PACKET_SAMPLES
    this.encoder.startAt(Math.max(0, Math.min(latest, Math.floor(from / PACKET_SAMPLES) * PACKET_SAMPLES)))
  }

  /** Takes the packet of `time` microseconds; false where all of it is behind the count, or it is damaged. */
  push(opus: Uint8Array, time: number): boolean {
    this.#started = true
    const error = toSamples(time) - this.#decoder.lead - this.position
    const behind = error < (this.#exact ? 0 : -GAP)
    if (behind && error <= -PACKET) return false
    const samples = this.#decoder.decode(opus)
    if (!samples) return false
    if (error > (this.#exact ? 0 : GAP)) this.encoder.silence(error)
    else if (!behind && Math.abs(error) > DEADBAND) this.#decoder.correct(error > 0 ? 1 : -1)
    this.encoder.push(behind ? samples.subarray(Math.min(-error, samples.length)) : samples)
    this.#exact = false
    return true
  }

  /** Silence up to a position. */
  silence(until: number): void {
    if (until <= this.position) return
    this.#started = true
    this.encoder.silence(until - this.position)
    this.#exact = true
  }

  finish(): void {
    this.encoder.push(this.#decoder.rest())
    this.encoder.finish()
  }

  free(): void {
    this.encoder.free()
    this.#decoder.free()
  }
}
