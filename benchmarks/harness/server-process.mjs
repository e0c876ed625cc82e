/** A server under measurement, and nothing else, in a process of its own. */
import { createServer } from 'node:http'
import { serveCommands } from './commands.mjs'
import { cpuShare } from './usage.mjs'

const http = createServer()
/** @type {() => void | Promise<void>} */
let close = () => {}

serveCommands({
  /**
   * `server` is the address of a module whose `serve(http, options)` attaches it, and returns how to close it where
   * there is something to close.
   * @param {{ server: string }} args
   * @returns {Promise<number>} its port
   */
  async start({ server, ...options }) {
    const { serve } = await import(server)
    close = (await serve(http, options)) ?? close
    await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)))
    return /** @type {import('node:net').AddressInfo} */ (http.address()).port
  },

  /** @param {{ start: number, end: number }} window */
  measure: async ({ start, end }) => ({ cpu: await cpuShare(start, end) }),

  close: () => close(),
})
