import { HEADER_BYTES, MediaFlag, type MediaHeader, readFlags, readTimestamp } from '../../codec/media-header.ts'
import type { AudioCodec, AudioDecoder } from '../../contracts/audio-codec.ts'
import type { AudioSink } from '../../contracts/audio-sink.ts'
import type { TrackSummary } from '../../protocol/track.ts'
import type { Microseconds } from '../../time/units.ts'
import type { Member } from './member.ts'

/** Frames that wait while the decoder is being made: one second. */
const MOST_EARLY = 50

type Output =
  | { readonly name: 'none' }
  /** The decoder is on its way; frames wait. */
  | { readonly name: 'opening'; readonly sink: AudioSink; readonly early: Uint8Array[] }
  | { readonly name: 'playing'; readonly sink: AudioSink; readonly decoder: AudioDecoder }
  | { readonly name: 'closed' }

/** One track of one member, as it is heard here. */
export class Speaker {
  readonly member: Member
  readonly track: TrackSummary
  readonly #codec: () => Promise<AudioCodec>
  readonly #failed: (error: unknown) => void
  #output: Output = { name: 'none' }
  #nextSeq: number | undefined
  #received = 0
  #lost = 0
  #timestamp: Microseconds = 0
  #finish: (error?: unknown) => void = () => {}

  constructor(parts: {
    member: Member
    track: TrackSummary
    codec: () => Promise<AudioCodec>
    failed: (error: unknown) => void
  }) {
    this.member = parts.member
    this.track = parts.track
    this.#codec = parts.codec
    this.#failed = parts.failed
  }

  /** Frames that came, and frames missing between them. */
  get stats(): { readonly received: number; readonly lost: number } {
    return { received: this.#received, lost: this.#lost }
  }

  /** Decodes into `sink` from the next frame on; resolves when the speaker is gone and the sink is closed. */
  async pipe(sink: AudioSink): Promise<void> {
    if (this.#output.name !== 'none') throw new Error(`${this.track.key} of ${this.member.user.name} is piped already`)
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error === undefined ? resolve() : reject(error))
    })
    finished.catch(() => {})
    sink.setVolume?.(this.member.volume)
    const early: Uint8Array[] = []
    this.#output = { name: 'opening', sink, early }
    try {
      const codec = await this.#codec()
      const decoder = await codec.createDecoder({
        output: (samples) => sink.write(samples, this.#timestamp),
        failed: this.#failed,
      })
      if (this.#output.name === 'opening') {
        this.#output = { name: 'playing', sink, decoder }
        for (const frame of early) this.#play(frame, decoder, sink)
      } else decoder.close()
    } catch (error) {
      this.#output = { name: 'closed' }
      await sink.close()
      throw error
    }
    await finished
  }

  /** The member's volume changed. */
  setVolume(volume: number): void {
    if ('sink' in this.#output) this.#output.sink.setVolume?.(volume)
  }

  /** A frame of this track came. */
  receive(header: MediaHeader, frame: Uint8Array): void {
    this.#count(header.seq)
    const ends = (header.flags & MediaFlag.talkSpurtEnd) !== 0
    this.member.heard(header.level, ends)
    const output = this.#output
    if (output.name === 'opening' && output.early.length < MOST_EARLY) output.early.push(frame)
    if (output.name === 'playing') this.#play(frame, output.decoder, output.sink)
  }

  /** No frame follows. */
  async close(): Promise<void> {
    const output = this.#output
    if (output.name === 'closed') return
    this.#output = { name: 'closed' }
    if (output.name === 'playing') output.decoder.close()
    try {
      if (output.name === 'playing' || output.name === 'opening') await output.sink.close()
      this.#finish()
    } catch (error) {
      this.#finish(error)
    }
  }

  #play(frame: Uint8Array, decoder: AudioDecoder, sink: AudioSink): void {
    this.#timestamp = readTimestamp(frame)
    decoder.decode(frame.subarray(HEADER_BYTES))
    if (readFlags(frame) & MediaFlag.talkSpurtEnd) sink.pause()
  }

  #count(seq: number): void {
    this.#received++
    if (this.#nextSeq !== undefined && seq > this.#nextSeq) this.#lost += seq - this.#nextSeq
    this.#nextSeq = (seq + 1) % 2 ** 32
  }
}
