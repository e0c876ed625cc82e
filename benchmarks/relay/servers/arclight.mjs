import { createServer } from '@arclight/server'

/** @param {import('node:http').Server} http */
export async function serve(http) {
  // One user on two hundred connections of one address is what the limits are there to refuse.
  const server = createServer({ rateLimits: 'off', connectionLimits: 'off' })
  await server.open()
  server.attach(http)
}
