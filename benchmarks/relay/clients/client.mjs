/** A frame that belongs to a media message without being the end of it. */
export const PART = -1
/** A frame that is no media. */
export const OTHER = -2

/**
 * What the load must know of a peer's wire.
 * @typedef {object} Client
 * @property {string} path
 * @property {string} [subprotocol]
 * @property {(port: number) => Promise<unknown>} prepare What every connection needs to enter: a token.
 * @property {(connection: import('../../harness/connection.mjs').Connection, ticket: any, speaks: boolean) => Promise<((payload: Buffer) => Buffer) | undefined>} enter
 *   Brings an open connection to where it hears the others; for a speaker, returns what turns a payload into bytes.
 * @property {(connection: import('../../harness/connection.mjs').Connection, opcode: number, bytes: Buffer, from: number, to: number) => number} receive
 *   Answers what must be answered; returns where the payload starts, or PART, or OTHER.
 */
