import { maskedFrame, Opcode } from '../frame-parser.mjs'
import { OTHER, PART } from './client.mjs'

/** Engine.IO packets, and Socket.IO packets inside its message packet (4). */
const PING = 0x32
const PONG = '3'
const CONNECT = '40'
/** `451-`: a binary event with one attachment. */
const BINARY_EVENT = 0x34_35_31_2d
const EVENT_TEXT = '451-["frame",{"_placeholder":true,"num":0}]'

/** @type {import('./client.mjs').Client} */
export const socketIo = {
  path: '/socket.io/?EIO=4&transport=websocket',
  prepare: async () => undefined,

  async enter(connection, _ticket, speaks) {
    await connection.text((text) => text.startsWith('0'))
    connection.sendText(CONNECT)
    await connection.text((text) => text.startsWith(CONNECT))
    if (!speaks) return undefined
    const event = Buffer.from(EVENT_TEXT)
    return (payload) => Buffer.concat([maskedFrame(Opcode.text, event), maskedFrame(Opcode.binary, payload)])
  },

  receive(connection, opcode, bytes, from, to) {
    if (opcode === Opcode.binary) return from
    if (to - from >= 4 && bytes.readUInt32BE(from) === BINARY_EVENT) return PART
    if (bytes[from] === PING) connection.sendText(PONG)
    return OTHER
  },
}
