import { readSeq, readTimestamp } from '@arclight/core/codec'
import type { MediaFormat, TrackAck } from '@arclight/core/protocol'
import { frameRecord } from '../media-host/pipe-records.ts'

/** What one track may have waiting for its disk. */
const CAPACITY_BYTES = 64 * 1_048_576

interface KeptRecord {
  readonly seq: number
  readonly record: Buffer
}

/** One track of a recording: every frame that came and is not on disk yet, as it goes to the media host. */
export class RecorderTrack {
  readonly key: string
  readonly format: MediaFormat
  readonly #recorder: number
  #kept: KeptRecord[] = []
  /** How many of `#kept` the present host has. */
  #handed = 0
  #bytes = 0
  #received = -1
  #stored = -1
  #repeated = 0
  #sentAt = 0

  constructor(recorder: number, { key, format }: { key: string; format: MediaFormat }) {
    this.#recorder = recorder
    this.key = key
    this.format = format
  }

  /** The seq that is lacking first. */
  get next(): number {
    return this.#received + 1
  }

  /** Whether more waits than can be kept: the disk does not keep up. */
  get overflows(): boolean {
    return this.#bytes > CAPACITY_BYTES
  }

  /** Whether everything that came has been handed to the host. */
  get handedOver(): boolean {
    return this.#handed === this.#kept.length
  }

  /** Keeps a frame; a repeat after a reconnect is dropped. A seq that was skipped was lost by the client. */
  push(frame: Uint8Array): void {
    const seq = readSeq(frame)
    if (seq <= this.#received) {
      this.#repeated++
      return
    }
    this.#received = seq
    this.#sentAt = readTimestamp(frame)
    const record = frameRecord(this.#recorder, frame)
    this.#kept.push({ seq, record })
    this.#bytes += record.length
  }

  /** The oldest record that the host does not have. */
  handNext(): Buffer | undefined {
    return this.#kept[this.#handed++]?.record ?? this.#nothing()
  }

  /** The host died: everything kept is to be handed over again. */
  handAgain(): void {
    this.#handed = 0
  }

  storedUpTo(seq: number): void {
    if (seq <= this.#stored) return
    this.#stored = seq
    let count = 0
    while (count < this.#kept.length && (this.#kept[count] as KeptRecord).seq <= seq) count++
    for (const { record } of this.#kept.splice(0, count)) this.#bytes -= record.length
    this.#handed = Math.max(0, this.#handed - count)
  }

  ack(track: number, serverAt: number): TrackAck {
    const queue = {
      frames: this.#kept.length,
      bytes: this.#bytes,
      capacity: CAPACITY_BYTES,
      dropped: this.#repeated,
      load: Math.min(1, this.#bytes / CAPACITY_BYTES),
    }
    return { track, received: this.#received, stored: this.#stored, sentAt: this.#sentAt, serverAt, queue }
  }

  #nothing(): undefined {
    this.#handed = this.#kept.length
    return undefined
  }
}
