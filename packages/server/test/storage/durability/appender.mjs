/**
 * Opens a store and appends to it until it is killed: batches of several sizes, several at a time. Says `CLIENT-ID SEQ`
 * on standard output for each message that was acknowledged, and an empty line behind each batch, before it goes on.
 *
 * node appender.mjs STORE FROM: STORE is a file or a postgres:// URL with the schema as its hash; message FROM is the
 * first, and everything behind it may have been stored before.
 */
import { writeSync } from 'node:fs'

const [store = '', from = '0'] = process.argv.slice(2)
const BATCHES_AT_A_TIME = 3
const SIZES = [1, 7, 120, 2, 30]
const CHANNEL = 'general'

async function openStore() {
  if (!store.startsWith('postgres')) {
    const { sqliteStorage } = await import('@arclight/server/storage/sqlite')
    return sqliteStorage({ file: store })
  }
  const { postgresStorage } = await import('@arclight/server/storage/postgres')
  const url = new URL(store)
  const schema = url.hash.slice(1)
  url.hash = ''
  return postgresStorage({ url: url.href, schema })
}

const say = (text) => writeSync(1, text)
const storage = await openStore()
await storage.open()
const account = { id: 'mei', name: 'mei', role: 'owner', passwordHash: '', nameKey: 'mei', createdAt: 1 }
await storage.accounts.create(account)

let next = Number(from)
async function append(size) {
  const batch = Array.from({ length: size }, () => {
    const clientId = `m${next++}`
    return { write: 'message', channel: CHANNEL, author: 'mei', clientId, text: `this is ${clientId}`, at: 1 }
  })
  const results = await storage.log.append(batch)
  const messages = results.map((result) => (result.outcome === 'stored' ? result.entry.data : result).message)
  say(`${messages.map(({ clientId, seq }) => `${clientId} ${seq}\n`).join('')}\n`)
}

async function appendForEver(lane) {
  for (let at = lane; ; at++) await append(SIZES[at % SIZES.length])
}
await Promise.all(Array.from({ length: BATCHES_AT_A_TIME }, (_, lane) => appendForEver(lane)))
