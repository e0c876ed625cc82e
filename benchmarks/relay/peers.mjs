import { arclight } from './clients/arclight.mjs'
import { plain } from './clients/plain.mjs'
import { socketIo } from './clients/socket-io.mjs'

/**
 * A server under measurement: the address of its module, and what speaks to it. `echoes`: the speakers themselves hear
 * their frames, and nobody else listens.
 * @typedef {{ title: string, server: string, client: import('./clients/client.mjs').Client, echoes: boolean }} Peer
 */

/** @typedef {'echo' | 'socketIo' | 'wsLoop' | 'arclight'} PeerName */

/** @type {Record<PeerName, Peer>} */
export const peers = {
  echo: { title: 'ws echo', server: serverOf('echo.mjs'), client: plain, echoes: true },
  socketIo: { title: 'Socket.IO', server: serverOf('socket-io.mjs'), client: socketIo, echoes: false },
  wsLoop: { title: 'ws loop', server: serverOf('ws-loop.mjs'), client: plain, echoes: false },
  arclight: { title: 'Arclight', server: serverOf('arclight.mjs'), client: arclight, echoes: false },
}

/** @param {string} file */
function serverOf(file) {
  return new URL(`./servers/${file}`, import.meta.url).href
}
