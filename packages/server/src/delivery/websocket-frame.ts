/** Opcodes of RFC 6455, section 5.2. */
export const Opcode = { text: 1, binary: 2 } as const
/** One of {@link Opcode}. */
export type Opcode = (typeof Opcode)[keyof typeof Opcode]

const FINAL = 0x80
const LENGTH_16 = 126
const LENGTH_64 = 127
const MOST_SHORT = 125
const MOST_16 = 0xffff

/** Bytes that a server's frame adds before a payload of this length. */
export function frameHeaderBytes(payloadLength: number): number {
  if (payloadLength <= MOST_SHORT) return 2
  return payloadLength <= MOST_16 ? 4 : 10
}

/** Writes an unmasked, final frame's header at `at`; returns where its payload starts. */
export function writeFrameHeader(bytes: Buffer, at: number, opcode: Opcode, payloadLength: number): number {
  bytes[at] = FINAL | opcode
  if (payloadLength <= MOST_SHORT) {
    bytes[at + 1] = payloadLength
    return at + 2
  }
  if (payloadLength <= MOST_16) {
    bytes[at + 1] = LENGTH_16
    bytes.writeUInt16BE(payloadLength, at + 2)
    return at + 4
  }
  bytes[at + 1] = LENGTH_64
  bytes.writeBigUInt64BE(BigInt(payloadLength), at + 2)
  return at + 10
}

/** A text frame, header included. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(frameHeaderBytes(length) + length)
  const start = writeFrameHeader(frame, 0, Opcode.text, length)
  frame.write(text, start)
  return frame
}

/** A binary frame, header included; copies the payload. */
export function binaryFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes(payload.length) + payload.length)
  const start = writeFrameHeader(frame, 0, Opcode.binary, payload.length)
  frame.set(payload, start)
  return frame
}
