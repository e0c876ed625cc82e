import { maskedFrame, Opcode } from '../../harness/frame-parser.mjs'
import { OTHER } from './client.mjs'

/** A payload is a binary message: the echo server and the `ws` loop. @type {import('./client.mjs').Client} */
export const plain = {
  path: '/',
  prepare: async () => undefined,
  enter: async (_connection, _ticket, speaks) =>
    speaks ? (payload) => maskedFrame(Opcode.binary, payload) : undefined,
  receive: (_connection, opcode, _bytes, from) => (opcode === Opcode.binary ? from : OTHER),
}
