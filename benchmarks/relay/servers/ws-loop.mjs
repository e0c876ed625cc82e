import { WebSocket, WebSocketServer } from 'ws'

const BINARY = { binary: true }

/** @param {import('node:http').Server} http */
export function serve(http) {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (frame) => {
      for (const other of server.clients) {
        if (other !== socket && other.readyState === WebSocket.OPEN) other.send(frame, BINARY)
      }
    })
  })
}
