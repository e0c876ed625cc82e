import { frameHeaderBytes, Opcode, writeFrameHeader } from '../delivery/websocket-frame.ts'

const SLAB_BYTES = 262_144

/**
 * Memory for the frames of one room's turn: each is written once, one behind the other, so that the turn's frames
 * are one buffer without another copy. What was handed out is never written to again.
 */
export class FrameSlab {
  #slab = Buffer.allocUnsafe(SLAB_BYTES)
  #start = 0
  #end = 0

  /** Writes one media frame as a WebSocket frame; returns its bytes. */
  append(media: Uint8Array): Buffer {
    const length = frameHeaderBytes(media.length) + media.length
    if (this.#end + length > this.#slab.length) this.#grow(length)
    const from = this.#end
    const payload = writeFrameHeader(this.#slab, from, Opcode.binary, media.length)
    this.#slab.set(media, payload)
    this.#end = payload + media.length
    return this.#slab.subarray(from, this.#end)
  }

  /** Everything appended since the last call, as one buffer. */
  takeAll(): Buffer {
    const all = this.#slab.subarray(this.#start, this.#end)
    this.#start = this.#end
    return all
  }

  /** A fresh slab that begins with this turn's frames, so that they stay in one piece. */
  #grow(length: number): void {
    const turn = this.#slab.subarray(this.#start, this.#end)
    this.#slab = Buffer.allocUnsafe(Math.max(SLAB_BYTES, 2 * (turn.length + length)))
    this.#slab.set(turn, 0)
    this.#start = 0
    this.#end = turn.length
  }
}
