import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { makeAccounts } from '../chat/accounts.mjs'
import { peers } from '../chat/peers.mjs'
import { MessageTable } from '../chat/servers/message-table.mjs'
import { TEXT } from '../chat/shapes.mjs'
import { storageOf } from '../chat/storages.mjs'
import { say } from '../harness/output.mjs'
import { CHANNEL } from './readers.mjs'

const AUTHORS = 100
const BATCH = 1_000

/**
 * A channel of many messages that pages are read from: by which server, started with which options, and how.
 * @typedef {{ name: string, reader: import('./readers.mjs').ReaderName, server: string, options: object, token: string }} FilledStore
 */

/** Fills every storage of this machine and the peer's. @param {string} directory @param {number} count @returns {Promise<FilledStore[]>} */
export async function fillStores(directory, count) {
  const file = join(directory, 'peer.db')
  const socketIo = { server: peers.socketIo.server, token: '' }
  const stores = []
  for (const { name, recipe } of recipes(directory)) {
    const token = await timed(name, count, () => fillStorage(storageOf(recipe), count))
    const { server } = peers.arclight
    stores.push({ name, reader: /** @type {const} */ ('arclight'), server, options: { storage: recipe }, token })
  }
  await timed('Socket.IO', count, () => fillTable(file, count))
  return [
    ...stores,
    { ...socketIo, name: 'Socket.IO, by id', reader: 'byId', options: { file } },
    { ...socketIo, name: 'Socket.IO, OFFSET', reader: 'byOffset', options: { file } },
  ]
}

/** The storages that a channel is read from. @param {string} directory @returns {{ name: string, recipe: import('../chat/storages.mjs').StorageRecipe }[]} */
function recipes(directory) {
  return [{ name: 'Arclight on SQLite', recipe: { kind: 'sqlite', file: join(directory, 'arclight.db') } }]
}

/** By the storage's own contract; resolves with a token. @param {import('@arclight/core/contracts').Storage} storage @param {number} count */
async function fillStorage(storage, count) {
  await storage.open()
  try {
    const accounts = await makeAccounts(storage, AUTHORS)
    const at = Date.now() - count
    for (const batch of batches(count)) {
      const appends = batch.map((number) => {
        const author = accounts[number % AUTHORS].user
        const message = { channel: CHANNEL, author, clientId: randomUUID(), text: textOf(number), at: at + number }
        return { write: /** @type {const} */ ('message'), ...message }
      })
      const results = await storage.log.append(appends)
      const refused = results.find(({ outcome }) => outcome !== 'stored')
      if (refused) throw new Error(`expected every message to be stored, one is ${refused.outcome}`)
    }
    return accounts[0].token
  } finally {
    await storage.close()
  }
}

/** @param {string} file @param {number} count */
async function fillTable(file, count) {
  const table = new MessageTable(file)
  for (const batch of batches(count)) {
    table.together(() => {
      for (const number of batch) {
        const author = `user-${number % AUTHORS}`
        table.store({ channel: CHANNEL, author, clientId: randomUUID(), text: textOf(number) })
      }
    })
  }
  table.close()
}

/** The messages' numbers, from 1, some at a time. @param {number} count */
function* batches(count) {
  for (let first = 1; first <= count; first += BATCH) {
    yield Array.from({ length: Math.min(BATCH, count - first + 1) }, (_, more) => first + more)
  }
}

/** @param {number} number */
function textOf(number) {
  return `${number} ${TEXT}`
}

/** @template Result @param {string} name @param {number} count @param {() => Promise<Result>} fill */
async function timed(name, count, fill) {
  const began = Date.now()
  const result = await fill()
  const seconds = (Date.now() - began) / 1000
  say(`${name}: ${count} messages written in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)}/s`)
  return result
}
