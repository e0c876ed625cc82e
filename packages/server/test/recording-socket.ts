import type { Socket } from '@arclight/server'

const LENGTH_16 = 126
const LENGTH_64 = 127

/** One WebSocket frame as the server wrote it. */
export interface WrittenFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** A socket without a network: it keeps each write, and takes as little or as much as the test says. */
export class RecordingSocket implements Socket {
  readonly remoteAddress: string
  /** What each call to the network held. */
  readonly writes: Buffer[] = []
  readonly closes: { code: number; reason: string }[] = []
  destroyed = false
  /** The first close. */
  readonly closed: Promise<{ code: number; reason: string }>
  #close: (close: { code: number; reason: string }) => void = () => {}
  bufferedBytes = 0
  readonly #written: (bytes: Buffer) => void

  /** `written` is called with each write. */
  constructor(written: (bytes: Buffer) => void = () => {}, remoteAddress = '127.0.0.1') {
    this.remoteAddress = remoteAddress
    this.#written = written
    this.closed = new Promise((resolve) => {
      this.#close = resolve
    })
  }

  write(bytes: Uint8Array): void {
    this.writeMany([bytes])
  }

  writeMany(chunks: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(chunks)
    this.writes.push(bytes)
    this.#written(bytes)
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason })
    this.#close({ code, reason })
  }

  destroy(): void {
    this.destroyed = true
  }

  /** The frames of all writes, oldest first; taken out. */
  takeFrames(): WrittenFrame[] {
    return this.writes.splice(0).flatMap(framesOf)
  }
}

/** The frames of one write. Throws where it does not end with a whole one. */
export function framesOf(bytes: Buffer): WrittenFrame[] {
  const frames: WrittenFrame[] = []
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt8(at + 1)
    const start = at + 2 + (short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0)
    const length =
      short === LENGTH_16
        ? bytes.readUInt16BE(at + 2)
        : short === LENGTH_64
          ? Number(bytes.readBigUInt64BE(at + 2))
          : short
    if (start + length > bytes.length) throw new Error('expected whole frames in a write')
    frames.push({ opcode: bytes.readUInt8(at) & 0x0f, payload: bytes.subarray(start, start + length) })
    at = start + length
  }
  return frames
}

/** A text frame's content, parsed. */
export function parsed({ payload }: WrittenFrame): Record<string, unknown> {
  return JSON.parse(payload.toString()) as Record<string, unknown>
}
