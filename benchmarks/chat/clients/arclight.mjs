import { Opcode } from '../../harness/frame-parser.mjs'
import { ARCLIGHT, answersProbe, request } from '../../harness/wires/arclight.mjs'
import { DELIVERY, OTHER, REFUSAL, readNumber } from './client.mjs'

/** Ids of the requests that let a connection in are below. */
const FIRST_ID = 1_000_000
/** `{"re":` and a number; `,"` and an `e` where an error follows. */
const REPLY = 0x22_72_65_22
const REPLY_NUMBER_AT = 6
const ERROR = 0x65
/** `{"type":"` and the first letters of `message.created`, of `channel.lagging`. */
const TYPE_AT = 9
const MESSAGE = 0x6d_65_73_73
const CHANNEL = 0x63_68_61_6e

/** @type {import('./client.mjs').ChatClient} */
export const arclight = {
  ...ARCLIGHT,

  async enter(connection, { token, channel }) {
    await request(connection, 'auth.token', { token })
    await request(connection, 'channel.join', { channel })
  },

  write({ id, channel, clientId, text, after }) {
    const behind = after === undefined ? '' : `,"after":"${after}"`
    const data = `{"channel":"${channel}","clientId":"${clientId}","text":"${text}"${behind}}`
    return `{"id":${FIRST_ID + id},"type":"message.send","data":${data}}`
  },

  receive(connection, opcode, bytes, from, to) {
    if (opcode !== Opcode.text) {
      answersProbe(connection, bytes.subarray(from, to))
      return OTHER
    }
    if (bytes.readUInt32BE(from + 1) === REPLY) {
      const { value, end } = readNumber(bytes, from + REPLY_NUMBER_AT)
      return bytes[end + 2] === ERROR ? REFUSAL : value - FIRST_ID
    }
    const type = bytes.readUInt32BE(from + TYPE_AT)
    if (type === MESSAGE) return DELIVERY
    return type === CHANNEL ? REFUSAL : OTHER
  },
}
