/** Opcodes of RFC 6455, section 5.2, that servers here send. */
export const Opcode = { text: 1, binary: 2, close: 8 }

const LENGTH_16 = 126
const LENGTH_64 = 127

/**
 * Takes a server's bytes apart into WebSocket frames: unmasked, never fragmented, which all peers here keep to.
 * `onFrame(opcode, bytes, payloadStart, end, frameBytes)` must not hold on to `bytes`.
 */
export class FrameParser {
  /** @type {Buffer | undefined} */
  #rest
  #onFrame

  /** @param {(opcode: number, bytes: Buffer, from: number, to: number, frameBytes: number) => void} onFrame */
  constructor(onFrame) {
    this.#onFrame = onFrame
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = 0
    while (bytes.length - at >= 2) {
      const header = headerBytes(bytes, at)
      if (bytes.length - at < header) break
      const from = at + header
      const to = from + payloadBytes(bytes, at)
      if (to > bytes.length) break
      this.#onFrame(bytes[at] & 0x0f, bytes, from, to, to - at)
      at = to
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined
  }
}

/** @param {Buffer} bytes @param {number} at */
function headerBytes(bytes, at) {
  if (bytes[at + 1] === LENGTH_16) return 4
  return bytes[at + 1] === LENGTH_64 ? 10 : 2
}

/** @param {Buffer} bytes @param {number} at */
function payloadBytes(bytes, at) {
  const short = bytes[at + 1]
  if (short === LENGTH_16) return bytes.readUInt16BE(at + 2)
  return short === LENGTH_64 ? Number(bytes.readBigUInt64BE(at + 2)) : short
}

/**
 * A client's frame of at most 65,535 bytes. The mask is never 0, for which servers have a shortcut that no browser
 * ever lets them take.
 * @param {number} opcode @param {Buffer} payload
 */
export function maskedFrame(opcode, payload) {
  const short = payload.length < LENGTH_16
  const header = short ? 2 : 4
  const frame = Buffer.allocUnsafe(header + 4 + payload.length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (short ? payload.length : LENGTH_16)
  if (!short) frame.writeUInt16BE(payload.length, 2)
  const mask = frame.subarray(header, header + 4)
  mask.writeUInt32BE((Math.random() * 0xffff_fffe + 1) >>> 0)
  for (let i = 0; i < payload.length; i++) frame[header + 4 + i] = payload[i] ^ mask[i & 3]
  return frame
}
