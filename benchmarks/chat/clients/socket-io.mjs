import { answerPing, call, connect, SOCKET_IO } from '../../harness/wires/socket-io.mjs'
import { DELIVERY, OTHER, REFUSAL, readNumber } from './client.mjs'

/** Ids of the calls that let a connection in are below. */
const FIRST_ID = 1_000_000
/** `42`, an event, and `43`, the answer to one; the answer's number and `[{"i` where it is an id, not an error. */
const EVENT = 0x34_32
const ACK = 0x34_33
const ID_LETTER = 0x69

/** @type {import('./client.mjs').ChatClient} */
export const socketIo = {
  ...SOCKET_IO,

  async enter(connection, { token, channel }) {
    await connect(connection, { user: token })
    await call(connection, 'join', { channel })
  },

  write({ id, channel, clientId, text }) {
    return `42${FIRST_ID + id}["message",{"channel":"${channel}","clientId":"${clientId}","text":"${text}"}]`
  },

  receive(connection, _opcode, bytes, from, to) {
    const kind = to - from < 2 ? 0 : bytes.readUInt16BE(from)
    if (kind === EVENT) return DELIVERY
    if (kind === ACK) {
      const { value, end } = readNumber(bytes, from + 2)
      return bytes[end + 3] === ID_LETTER ? value - FIRST_ID : REFUSAL
    }
    answerPing(connection, bytes, from)
    return OTHER
  },
}
