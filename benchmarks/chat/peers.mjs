import { arclight } from './clients/arclight.mjs'
import { socketIo } from './clients/socket-io.mjs'

/**
 * A server under measurement: the address of its module, what it is started with beside its file, and what speaks to it.
 * @typedef {{ title: string, server: string, options: object, client: import('./clients/client.mjs').ChatClient }} ChatPeer
 */

/** @typedef {'arclight' | 'socketIo' | 'grouped'} ChatPeerName */

const SOCKET_IO = { server: new URL('./servers/socket-io.mjs', import.meta.url).href, client: socketIo }

/** @type {Record<ChatPeerName, ChatPeer>} */
export const peers = {
  arclight: {
    title: 'Arclight',
    server: new URL('./servers/arclight.mjs', import.meta.url).href,
    options: {},
    client: arclight,
  },
  socketIo: { title: 'Socket.IO', ...SOCKET_IO, options: {} },
  grouped: { title: 'Socket.IO, a commit a turn', ...SOCKET_IO, options: { grouped: true } },
}
