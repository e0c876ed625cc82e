import { ARCLIGHT, request } from '../harness/wires/arclight.mjs'
import { call, connect, SOCKET_IO } from '../harness/wires/socket-io.mjs'

/** Messages in a page. */
export const PAGE = 50
/** The channel that has them all. */
export const CHANNEL = 'general'

/** @typedef {import('../harness/connection.mjs').Connection} Connection */

/**
 * A way to read the page that ends before one of `count` messages, or the newest page; it resolves with the numbers of
 * the page's messages.
 * @typedef {object} Reader
 * @property {{ path: string, subprotocol?: string }} wire
 * @property {(connection: Connection, token: string) => Promise<unknown>} enter
 * @property {(connection: Connection, place: { before: number | undefined, count: number }) => Promise<number[]>} read
 */

/** @typedef {'arclight' | 'byId' | 'byOffset'} ReaderName */

/** @type {Record<ReaderName, Reader>} */
export const readers = {
  arclight: {
    wire: ARCLIGHT,
    enter: (connection, token) => request(connection, 'auth.token', { token }),
    read: async (connection, { before }) => {
      const { messages } = await request(connection, 'history.page', { channel: CHANNEL, before, limit: PAGE })
      return messages.map((/** @type {{ ordinal: number }} */ { ordinal }) => ordinal)
    },
  },
  byId: {
    wire: SOCKET_IO,
    enter: (connection) => connect(connection),
    read: async (connection, { before }) => idsOf(await call(connection, 'page', { channel: CHANNEL, before })),
  },
  byOffset: {
    wire: SOCKET_IO,
    enter: (connection) => connect(connection),
    read: async (connection, { before, count }) => {
      const offset = before === undefined ? 0 : count - before + 1
      return idsOf(await call(connection, 'pageAtOffset', { channel: CHANNEL, offset }))
    },
  },
}

/** @param {{ messages: { id: number }[] }} page */
function idsOf({ messages }) {
  return messages.map(({ id }) => id)
}
