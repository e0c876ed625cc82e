import { WebSocketServer } from 'ws'

const BINARY = { binary: true }

/** The floor: what the sockets, the kernel and the load's own timing cost without any relaying.
 * @param {import('node:http').Server} http */
export function serve(http) {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (frame) => socket.send(frame, BINARY))
  })
}
