import { Connection } from '../harness/connection.mjs'
import { peers } from './peers.mjs'
import { Tally } from './tally.mjs'

/**
 * @typedef {object} Entry
 * @property {import('./peers.mjs').PeerName} peer
 * @property {number} port
 * @property {unknown} ticket
 * @property {number} count
 * @property {boolean} speaks
 */

/** The connections of one process. */
export class Crowd {
  /** @type {Connection[]} */
  #connections = []
  /** @type {((payload: Buffer) => Buffer)[]} How each speaker's payloads become bytes. */
  encoders = []
  /** @type {Tally | undefined} */
  #tally
  #samples

  /** `samples`: latencies are kept. @param {{ samples: boolean }} options */
  constructor({ samples }) {
    this.#samples = samples
  }

  /** One after the other, so that the server's order is known. @param {Entry} entry */
  async enter({ peer, port, ticket, count, speaks }) {
    const { client } = peers[peer]
    this.#tally ??= new Tally(client, this.#samples)
    for (let entered = 0; entered < count; entered++) {
      const connection = new Connection(port, this.#tally)
      await connection.open(client)
      const encode = await client.enter(connection, ticket, speaks)
      if (encode) this.encoders.push(encode)
      connection.entered()
      this.#connections.push(connection)
    }
  }

  /** @param {{ run: number, deadline: number }} measurement */
  begin({ run, deadline }) {
    this.#tally?.begin(run, deadline)
  }

  /** @param {number} index @param {Buffer} bytes */
  send(index, bytes) {
    this.#connections[index].write(bytes)
  }

  result() {
    const lost = this.#connections.filter((connection) => connection.lost).length
    return { lost, .../** @type {Tally} */ (this.#tally).result() }
  }
}
