import type { Microseconds } from '@arclight/core'
import { type Packet, Rational } from 'node-av/lib'
import { PACKET_SAMPLES, SAMPLE_RATE } from './aac-encoder.ts'
import { check } from './ffmpeg.ts'
import type { Mp4Output } from './mp4-output.ts'
import { OpusToAac, toSamples } from './opus-to-aac.ts'

const MICROSECONDS = 1_000_000
/**
 * Opus packets are told to be stored once so much sound after them is: after a crash a new decoder and a new encoder
 * hear it again and are in step with the old ones (RFC 7845 asks 80 ms of a decoder) where the file's sound ends.
 */
const OVERLAP = (SAMPLE_RATE * 100) / 1000
/** The longest packet that there is (RFC 6716, 3.2.5): 120 ms. */
const LONGEST_PACKET = (SAMPLE_RATE * 120) / 1000

/** What a file already holds, in samples from its first instant. */
export interface WrittenAudio {
  readonly index: number
  readonly packets: number
  /** Where the next AAC packet belongs. */
  readonly next: number
  readonly end: number
}

/** Opus packets into a file, as AAC. */
export class AudioTrack {
  readonly #output: Mp4Output
  readonly #origin: Microseconds
  readonly #aac: OpusToAac
  readonly #resumed: boolean
  readonly #index: number
  #packets: number
  #next: number
  #end: number
  /** What was taken and is not yet far enough behind, oldest first: timestamps and where their sound ends. */
  readonly #pending: { readonly timestamp: Microseconds; readonly end: number }[] = []
  #storable: Microseconds | undefined

  private constructor(output: Mp4Output, origin: Microseconds, written: WrittenAudio, resumed: boolean) {
    this.#output = output
    this.#origin = origin
    this.#index = written.index
    this.#packets = written.packets
    this.#next = written.next
    this.#end = written.end
    this.#resumed = resumed
    this.#aac = new OpusToAac((packet) => this.#write(packet))
    const safe = written.next - OVERLAP - LONGEST_PACKET
    if (safe > 0) this.#storable = origin + Math.floor((safe * MICROSECONDS) / SAMPLE_RATE)
  }

  /** Declares a stream. */
  static add(output: Mp4Output, origin: Microseconds): AudioTrack {
    const stream = output.addStream()
    const written = { index: stream.index, packets: 0, next: -PACKET_SAMPLES, end: 0 }
    const track = new AudioTrack(output, origin, written, false)
    check(stream.codecpar.fromContext(track.#aac.encoder.context), 'describe the sound')
    stream.timeBase = new Rational(1, SAMPLE_RATE)
    return track
  }

  static resume(output: Mp4Output, origin: Microseconds, written: WrittenAudio): AudioTrack {
    return new AudioTrack(output, origin, written, true)
  }

  get packets(): number {
    return this.#packets
  }

  /** Microseconds from the file's first instant to the end of the sound written. */
  get end(): number {
    return (this.#end * MICROSECONDS) / SAMPLE_RATE
  }

  /** Microseconds from the file's first instant to the end of the sound taken. */
  get taken(): number {
    return (Math.max(this.#aac.position, this.#end) * MICROSECONDS) / SAMPLE_RATE
  }

  /** False where the file holds the packet's sound, or has silence in its place by now. */
  push(opus: Uint8Array, timestamp: Microseconds): boolean {
    const at = timestamp - this.#origin
    this.#align(toSamples(at))
    if (!this.#aac.push(opus, at)) return false
    this.#pending.push({ timestamp, end: this.#aac.position })
    return true
  }

  /** Silence up to an instant of the file. */
  silence(until: number): void {
    this.#align(this.#next)
    this.#aac.silence(toSamples(until))
  }

  /** The newest timestamp whose sound need not be fed again, as of what is written. */
  storedUpTo(): Microseconds | undefined {
    const safe = this.#next - OVERLAP
    let count = 0
    while (count < this.#pending.length && (this.#pending[count]?.end ?? safe) <= safe) count++
    const last = this.#pending.splice(0, count).at(-1)
    if (last && last.timestamp > (this.#storable ?? last.timestamp - 1)) this.#storable = last.timestamp
    return this.#storable
  }

  finish(): void {
    this.#align(this.#next)
    this.#aac.finish()
  }

  free(): void {
    this.#aac.free()
  }

  #align(from: number): void {
    if (this.#resumed) this.#aac.continueFrom(this.#next, from)
  }

  /** Packets that a file had before the crash come again and are left out. */
  #write(packet: Packet): void {
    const at = Number(packet.pts)
    if (at < this.#next) return
    packet.streamIndex = this.#index
    this.#output.write(packet)
    this.#packets++
    this.#next = at + PACKET_SAMPLES
    this.#end = at + Number(packet.duration)
  }
}
