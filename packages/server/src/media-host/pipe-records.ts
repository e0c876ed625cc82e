import { Buffer } from 'node:buffer'

/*
 *  Both directions of the pipe between the server and a media host are records:
 *
 *        +--------+------+----------+------
 *        | length | kind | recorder | body
 *        | u32    | u8   | u32      |
 *        +--------+------+----------+------
 *
 *  Big-endian; `length` counts what follows it. The body is JSON, or a media frame exactly as it came over the wire.
 */
const LENGTH_BYTES = 4
const KIND_AT = 4
const RECORDER_AT = 5
const BODY_AT = 9

/** What a record's body is. */
export const RecordKind = { message: 0, frame: 1 } as const
/** One of {@link RecordKind}. */
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind]

/** A record that came whole. */
export interface PipeRecord {
  readonly kind: RecordKind
  readonly recorder: number
  /** A view: valid until the next chunk is read. */
  readonly body: Buffer
}

/** A record that carries JSON. */
export function messageRecord(recorder: number, message: object): Buffer {
  return record(RecordKind.message, recorder, Buffer.from(JSON.stringify(message)))
}

/** A record that carries a media frame; copies it. */
export function frameRecord(recorder: number, frame: Uint8Array): Buffer {
  return record(RecordKind.frame, recorder, frame)
}

function record(kind: RecordKind, recorder: number, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(BODY_AT + body.length)
  bytes.writeUInt32BE(bytes.length - LENGTH_BYTES, 0)
  bytes[KIND_AT] = kind
  bytes.writeUInt32BE(recorder, RECORDER_AT)
  bytes.set(body, BODY_AT)
  return bytes
}

/** The largest record: a media frame of the largest size, with room for what stands around it. */
const MOST_BYTES = 2 * 1_048_576

/** The smallest: what stands behind the length of each. */
const LEAST_BYTES = BODY_AT - LENGTH_BYTES

/** Puts records together from the chunks in which a pipe delivers them. Throws where they cannot be records. */
export class RecordReader {
  #chunks: Buffer[] = []
  #length = 0
  /** Bytes that there must be before it is worth a look: chunks are joined once a record, however small they are. */
  #needed = BODY_AT

  /** Calls `take` for each record that is whole now. */
  push(chunk: Buffer, take: (record: PipeRecord) => void): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#needed) return
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    let at = 0
    this.#needed = BODY_AT
    while (bytes.length - at >= BODY_AT) {
      const length = bytes.readUInt32BE(at)
      if (length < LEAST_BYTES || length > MOST_BYTES) {
        throw new RangeError(`expected a record of ${LEAST_BYTES} to ${MOST_BYTES} bytes, got ${length}`)
      }
      const end = at + LENGTH_BYTES + length
      if (end > bytes.length) {
        this.#needed = end - at
        break
      }
      const kind = bytes[at + KIND_AT] as RecordKind
      take({ kind, recorder: bytes.readUInt32BE(at + RECORDER_AT), body: bytes.subarray(at + BODY_AT, end) })
      at = end
    }
    this.#chunks = [bytes.subarray(at)]
    this.#length = bytes.length - at
  }
}
