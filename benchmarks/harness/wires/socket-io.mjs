/** Engine.IO packets, and Socket.IO packets inside its message packet (4). */
const PING = 0x32
const PONG = '3'
const CONNECT = '40'
const EVENT = '42'
const ACK = '43'

/** Where Socket.IO takes WebSockets. */
export const SOCKET_IO = { path: '/socket.io/?EIO=4&transport=websocket' }

/** Opens the default namespace, with what the server is to know of the client. @param {import('../connection.mjs').Connection} connection @param {object} [auth] */
export async function connect(connection, auth) {
  await connection.text((text) => text.startsWith('0'))
  connection.sendText(auth ? CONNECT + JSON.stringify(auth) : CONNECT)
  await connection.text((text) => text.startsWith(CONNECT))
}

let lastId = 0

/** Sends an event and waits for its acknowledgement. @param {import('../connection.mjs').Connection} connection @param {string} event @param {object} data @returns {Promise<any>} */
export async function call(connection, event, data) {
  const id = ++lastId
  connection.sendText(`${EVENT}${id}${JSON.stringify([event, data])}`)
  const start = `${ACK}${id}[`
  const answer = await connection.text((text) => text.startsWith(start))
  return JSON.parse(answer.slice(start.length - 1))[0]
}

/** Answers a heartbeat; whatever else it is given it leaves. @param {import('../connection.mjs').Connection} connection @param {Buffer} bytes @param {number} from */
export function answerPing(connection, bytes, from) {
  if (bytes[from] === PING) connection.sendText(PONG)
}
