/** Somebody who reads pages, one after the other, and takes each apart as a client does. */
import { serveCommands } from '../harness/commands.mjs'
import { Connection } from '../harness/connection.mjs'
import { now } from '../harness/monotonic.mjs'
import { encodeSamples } from '../harness/samples.mjs'
import { PAGE, readers } from './readers.mjs'

/** @typedef {import('./readers.mjs').Reader} Reader @typedef {import('./readers.mjs').ReaderName} ReaderName */

/** @type {Map<string, { connection: Connection, read: Reader['read'] }>} */
const entered = new Map()

serveCommands({
  /** @param {{ name: string, reader: ReaderName, port: number, token: string }} args */
  async enter({ name, reader, port, token }) {
    const { wire, enter, read } = readers[reader]
    const connection = new Connection(port, { read() {}, frame() {} })
    await connection.open(wire)
    await enter(connection, token)
    entered.set(name, { connection, read })
  },

  /** Milliseconds to each page. @param {{ name: string, count: number, anchors: (number | null)[] }} args */
  async read({ name, count, anchors }) {
    const { connection, read } = /** @type {{ connection: Connection, read: Reader['read'] }} */ (entered.get(name))
    const latencies = []
    for (const anchor of anchors) {
      const before = anchor ?? undefined
      const began = now()
      const page = await read(connection, { before, count })
      latencies.push(now() - began)
      check(page, before ?? count + 1)
    }
    return encodeSamples(latencies)
  },
})

/** @param {number[]} page @param {number} end */
function check(page, end) {
  if (page.length === PAGE && page.every((number, at) => number === end - PAGE + at)) return
  throw new Error(`expected the ${PAGE} messages before ${end}, got ${page.length}: ${page[0]} to ${page.at(-1)}`)
}
