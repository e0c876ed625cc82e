import { Server } from 'socket.io'

/** @param {import('node:http').Server} http */
export function serve(http) {
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  io.on('connection', (socket) => {
    socket.on('frame', (frame) => socket.broadcast.emit('frame', frame))
  })
}
