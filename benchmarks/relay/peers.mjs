import { arclight } from './clients/arclight.mjs'
import { plain } from './clients/plain.mjs'
import { socketIo } from './clients/socket-io.mjs'

/**
 * A server under measurement. `echoes`: the speakers themselves hear their frames, and nobody else listens.
 * @typedef {{ title: string, server: string, client: import('./clients/client.mjs').Client, echoes: boolean }} Peer
 */

/** @typedef {'echo' | 'socketIo' | 'wsLoop' | 'arclight'} PeerName */

/** @type {Record<PeerName, Peer>} */
export const peers = {
  echo: { title: 'ws echo', server: './servers/echo.mjs', client: plain, echoes: true },
  socketIo: { title: 'Socket.IO', server: './servers/socket-io.mjs', client: socketIo, echoes: false },
  wsLoop: { title: 'ws loop', server: './servers/ws-loop.mjs', client: plain, echoes: false },
  arclight: { title: 'Arclight', server: './servers/arclight.mjs', client: arclight, echoes: false },
}
