import { encodeProbe, MediaFlag, MediaKind, readFlags, readKind, readSeq } from '@arclight/core/codec'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import { Connection } from '../connection.mjs'
import { maskedFrame, Opcode } from '../frame-parser.mjs'
import { now } from '../monotonic.mjs'

/** Where Arclight takes WebSockets. */
export const ARCLIGHT = { path: '/arclight', subprotocol: SUBPROTOCOL }

let lastId = 0

/** A new request's id, unique in this process. */
export function nextId() {
  return ++lastId
}

/** @param {Connection} connection @param {string} type @param {object} data @returns {Promise<any>} */
export async function request(connection, type, data) {
  const id = nextId()
  connection.sendText(JSON.stringify({ id, type, data }))
  const reply = JSON.parse(await connection.text((text) => text.startsWith(`{"re":${id},`)))
  if (reply.error) throw new Error(`${type}: ${reply.error.message}`)
  return reply.data
}

/** Makes an account; returns a token that any connection may sign in with. @param {number} port @param {string} name @returns {Promise<string>} */
export async function register(port, name) {
  const connection = new Connection(port, { read() {}, frame() {} })
  await connection.open(ARCLIGHT)
  const { token } = await request(connection, 'auth.register', { name, password: 'correct horse battery' })
  connection.end()
  return token
}

/** Whether a media frame is a probe, which is answered: without an answer the server's media gate shuts.
 * @param {Connection} connection @param {Buffer} frame */
export function answersProbe(connection, frame) {
  if (readKind(frame) !== MediaKind.probe) return false
  if (!(readFlags(frame) & MediaFlag.echo)) {
    const answer = encodeProbe({ seq: readSeq(frame), timestamp: Math.round(now() * 1000), echo: true })
    connection.write(maskedFrame(Opcode.binary, Buffer.from(answer.buffer)))
  }
  return true
}
