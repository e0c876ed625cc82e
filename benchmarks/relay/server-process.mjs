/** One peer's server, and nothing else, in a process of its own. */
import { createServer } from 'node:http'
import { serveCommands } from './commands.mjs'
import { peers } from './peers.mjs'
import { cpuShare } from './usage.mjs'

const http = createServer()

serveCommands({
  /** @param {{ peer: import('./peers.mjs').PeerName }} args */
  async start({ peer }) {
    const { serve } = await import(peers[peer].server)
    await serve(http)
    await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)))
    return /** @type {import('node:net').AddressInfo} */ (http.address()).port
  },

  /** @param {{ start: number, end: number }} window */
  measure: async ({ start, end }) => ({ cpu: await cpuShare(start, end) }),
})
