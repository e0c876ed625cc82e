import { randomUUID } from 'node:crypto'
import { encodeProbe, MediaFlag, MediaKind, readFlags, readKind, readSeq, writeHeader } from '@arclight/core/codec'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import { Connection } from '../connection.mjs'
import { maskedFrame, Opcode } from '../frame-parser.mjs'
import { now } from '../monotonic.mjs'
import { OTHER } from './client.mjs'

const HEADER_BYTES = 16
const CHANNEL = 'lounge'
const FORMAT = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }

/** @type {import('./client.mjs').Client} */
export const arclight = {
  path: '/arclight',
  subprotocol: SUBPROTOCOL,

  async prepare(port) {
    const connection = new Connection(port, { read() {}, frame() {} })
    await connection.open(this)
    const { token } = await request(connection, 'auth.register', { name: 'bench', password: 'correct horse battery' })
    return token
  },

  async enter(connection, token, speaks) {
    await request(connection, 'auth.token', { token })
    await request(connection, 'voice.join', { channel: CHANNEL, device: randomUUID(), muted: !speaks, deafened: false })
    if (!speaks) return undefined
    const publish = { key: 'microphone', format: FORMAT, to: { channel: CHANNEL } }
    const { track } = await request(connection, 'track.publish', publish)
    let seq = 0
    return (payload) => {
      const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
      frame.set(payload, HEADER_BYTES)
      const timestamp = Math.round(now() * 1000)
      writeHeader(frame, { kind: MediaKind.audio, flags: 0, track, seq: seq++, level: 30, timestamp })
      return maskedFrame(Opcode.binary, frame)
    }
  },

  receive(connection, opcode, bytes, from, to) {
    if (opcode !== Opcode.binary) return OTHER
    const frame = bytes.subarray(from, to)
    if (readKind(frame) !== MediaKind.probe) return from + HEADER_BYTES
    if (!(readFlags(frame) & MediaFlag.echo)) answerProbe(connection, readSeq(frame))
    return OTHER
  },
}

/** Without an answer the server's media gate shuts. @param {Connection} connection @param {number} seq */
function answerProbe(connection, seq) {
  const answer = encodeProbe({ seq, timestamp: Math.round(now() * 1000), echo: true })
  connection.write(maskedFrame(Opcode.binary, Buffer.from(answer.buffer)))
}

let lastId = 0

/** @param {Connection} connection @param {string} type @param {object} data @returns {Promise<any>} */
async function request(connection, type, data) {
  const id = ++lastId
  connection.sendText(JSON.stringify({ id, type, data }))
  const reply = JSON.parse(await connection.text((text) => text.startsWith(`{"re":${id},`)))
  if (reply.error) throw new Error(`${type}: ${reply.error.message}`)
  return reply.data
}
