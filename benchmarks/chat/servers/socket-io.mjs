/**
 * The peer: a chat as one writes it with Socket.IO and SQLite when one knows both. A message is checked, stored by a
 * prepared statement in a table that knows its client id, and only when it is on disk sent to all in its channel and
 * answered for. SQLite's calls are synchronous, and on the server's one thread, as they are everywhere with this
 * driver's interface. With `grouped` the messages of an event-loop turn share a transaction.
 */
import { Server } from 'socket.io'
import { MessageTable } from './message-table.mjs'

const MOST_TEXT = 4_000

/** @param {import('node:http').Server} http @param {{ file: string, grouped?: boolean }} options */
export function serve(http, { file, grouped = false }) {
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  const table = new MessageTable(file)
  /** @type {{ message: any, reply: (answer: object) => void }[]} */
  let turn = []

  const tell = (/** @type {any} */ { isNew, message }, /** @type {(answer: object) => void} */ reply) => {
    if (isNew) io.to(message.channel).emit('message', message)
    reply({ id: message.id, at: message.at })
  }
  const endTurn = () => {
    const batch = turn
    turn = []
    const stored = table.together(() => batch.map(({ message }) => table.store(message)))
    for (const [index, { reply }] of batch.entries()) tell(stored[index], reply)
  }
  const take = (/** @type {any} */ message, /** @type {(answer: object) => void} */ reply) => {
    if (!grouped) return tell(table.store(message), reply)
    if (turn.push({ message, reply }) === 1) setImmediate(endTurn)
  }

  io.on('connection', (socket) => {
    const author = String(socket.handshake.auth.user)
    socket.on('join', ({ channel }, reply) => {
      socket.join(channel)
      reply({})
    })
    socket.on('message', (message, reply) => {
      if (!isMessage(message)) return reply({ error: 'bad request' })
      const { channel, clientId, text } = message
      take({ channel, author, clientId, text }, reply)
    })
    socket.on('page', (place, reply) => reply({ messages: table.page(place) }))
    socket.on('pageAtOffset', (place, reply) => reply({ messages: table.pageAtOffset(place) }))
  })
  return async () => {
    await io.close()
    table.close()
  }
}

/** @param {any} message */
function isMessage(message) {
  if (typeof message !== 'object' || message === null) return false
  const { channel, clientId, text } = message
  if (typeof channel !== 'string' || typeof clientId !== 'string' || typeof text !== 'string') return false
  return text.length > 0 && text.length <= MOST_TEXT && clientId.length > 0 && clientId.length <= 64
}
