import { maskedFrame, Opcode } from '../../harness/frame-parser.mjs'
import { answerPing, connect, SOCKET_IO } from '../../harness/wires/socket-io.mjs'
import { OTHER, PART } from './client.mjs'

/** `451-`: a binary event with one attachment. */
const BINARY_EVENT = 0x34_35_31_2d
const EVENT_TEXT = '451-["frame",{"_placeholder":true,"num":0}]'

/** @type {import('./client.mjs').Client} */
export const socketIo = {
  ...SOCKET_IO,
  prepare: async () => undefined,

  async enter(connection, _ticket, speaks) {
    await connect(connection)
    if (!speaks) return undefined
    const event = Buffer.from(EVENT_TEXT)
    return (payload) => Buffer.concat([maskedFrame(Opcode.text, event), maskedFrame(Opcode.binary, payload)])
  },

  receive(connection, opcode, bytes, from, to) {
    if (opcode === Opcode.binary) return from
    if (to - from >= 4 && bytes.readUInt32BE(from) === BINARY_EVENT) return PART
    answerPing(connection, bytes, from)
    return OTHER
  },
}
