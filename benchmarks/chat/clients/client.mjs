/** A frame that brings a channel's message. */
export const DELIVERY = -1
/** A frame that is neither a message nor the answer to one. */
export const OTHER = -2
/** A frame that says that a message was not stored, or not delivered. */
export const REFUSAL = -3

/**
 * @typedef {object} ChatMessage
 * @property {number} id Numbers the request, from 0.
 * @property {string} channel
 * @property {string} clientId
 * @property {string} text
 * @property {string | undefined} after The client id of the sender's message that is unanswered.
 */

/**
 * What the load must know of a peer's wire.
 * @typedef {object} ChatClient
 * @property {string} path
 * @property {string} [subprotocol]
 * @property {(connection: import('../../harness/connection.mjs').Connection, seat: Seat) => Promise<void>} enter
 *   Brings an open connection to where it hears its channel.
 * @property {(message: ChatMessage) => string} write The text frame that sends a message.
 * @property {(connection: import('../../harness/connection.mjs').Connection, opcode: number, bytes: Buffer, from: number, to: number) => number} receive
 *   Answers what must be answered; returns the id of the message that is stored now, or DELIVERY, OTHER, REFUSAL.
 */

/** Who a connection is, and where. @typedef {{ token: string, channel: string }} Seat */

/** A decimal number in ASCII, which ends at the first byte that is none. @param {Buffer} bytes @param {number} from */
export function readNumber(bytes, from) {
  let value = 0
  for (let at = from; ; at++) {
    const digit = bytes[at] - 0x30
    if (!(digit >= 0 && digit <= 9)) return { value, end: at }
    value = value * 10 + digit
  }
}
