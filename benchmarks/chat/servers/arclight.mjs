import { createServer } from '@arclight/server'
import { storageOf } from '../storages.mjs'

/** @param {import('node:http').Server} http @param {{ storage: import('../storages.mjs').StorageRecipe }} options */
export async function serve(http, { storage }) {
  // A hundred connections of one address, as busy as they can be, are what the limits are there to refuse.
  const server = createServer({ storage: storageOf(storage), rateLimits: 'off', connectionLimits: 'off' })
  await server.open()
  server.attach(http)
  return () => server.close()
}
