import { createServer } from '@arclight/server'

/** @param {import('node:http').Server} http */
export async function serve(http) {
  const server = createServer()
  await server.open()
  server.attach(http)
}
