import { createClient } from '@arclight/client-node'
import { createServer, memoryStorage } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { numbered } from '../chat.ts'
import { heldStorage } from '../held-storage.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('closing tells every client 4000, authenticated or not', async () => {
  await using running = await RunningServer.start()
  const clients = [await running.signIn('mei'), await running.signIn('li'), await running.connect()]
  await running.server.close()
  for (const client of clients) {
    expect(await client.closed).toEqual({ code: 4000, reason: 'the server is restarting' })
  }
  expect(running.server.stats.sessions).toBe(0)
})

test('closing answers every message that was accepted, and what was answered is stored', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const people = await Promise.all(['mei', 'li', 'zoe'].map((name) => running.signIn(name)))
  const ids = people.map((person) =>
    numbered(100).map((clientId) => person.post('message.send', { channel: 'general', clientId, text: clientId })),
  )
  for (const person of people) await person.settle()
  await running.server.close()
  let answered = 0
  for (const [at, person] of people.entries()) {
    expect(await person.closed).toMatchObject({ code: 4000 })
    const replies = person.texts.all.filter(({ re }) => ids[at]?.includes(Number(re)))
    expect(replies.every(({ data }) => data !== undefined)).toBe(true)
    answered += replies.length
  }
  const storage = sqliteStorage({ file })
  await storage.open()
  expect((await storage.log.read('general', 0, 1))?.head).toBe(answered)
  await storage.close()
  expect(answered).toBe(300)
})

test('closing waits for the transaction that is under way, and its senders are answered', async () => {
  const held = heldStorage('append')
  await using running = await RunningServer.start({ storage: held.storage })
  const mei = await running.signIn('mei')
  const first = mei.post('message.send', { channel: 'general', clientId: 'a', text: 'under way' })
  await held.waiting(1)
  const second = mei.post('message.send', { channel: 'general', clientId: 'b', text: 'behind it' })
  await mei.settle()
  const closed = running.server.close()
  held.release()
  await closed
  expect(await mei.reply(first)).toMatchObject({ data: { message: { seq: 1 } } })
  expect(await mei.reply(second)).toMatchObject({ data: { message: { seq: 2 } } })
  expect(await mei.closed).toMatchObject({ code: 4000 })
})

test('a message that comes while the server closes is refused or stored and answered, never stored in silence', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  mei.post('message.send', { channel: 'general', clientId: 'first', text: 'first' })
  await mei.settle()
  const closed = running.server.close()
  for (const clientId of numbered(50)) mei.post('message.send', { channel: 'general', clientId, text: clientId })
  await closed
  await mei.closed
  const stored = mei.texts.all.filter(({ data }) => (data as { message?: unknown } | undefined)?.message !== undefined)
  const storage = sqliteStorage({ file })
  await storage.open()
  expect((await storage.log.read('general', 0, 1))?.head).toBe(stored.length)
  await storage.close()
})

test('closing twice, and closing what was never opened, does no harm', async () => {
  const server = createServer()
  await server.close()
  await server.close()
  const opened = createServer()
  await opened.open()
  await Promise.all([opened.close(), opened.close()])
})

test('opening a closed server leaves no storage open', async () => {
  const inner = memoryStorage()
  let open = 0
  const server = createServer({
    storage: {
      ...inner,
      open: async () => {
        await inner.open()
        open++
      },
      close: async () => {
        await inner.close()
        open = 0
      },
    },
  })
  const opening = server.open()
  await server.close()
  await opening
  expect(open).toBe(0)
})

test('a client of the SDK survives a restart of the server on the same store and port', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const first = await RunningServer.start({ storage: sqliteStorage({ file }) })
  first.http.on('request', (_request, response) => response.writeHead(503).end())
  await using client = createClient({ url: first.url })
  await client.register({ name: 'mei', password: PASSWORD })
  const general = client.channels.get('general')
  await general.join()
  await general.send('before')
  await first.server.close()
  await client.until('waiting')
  await using second = createServer({ storage: sqliteStorage({ file }) })
  await second.open()
  second.attach(first.http)
  client.wake()
  await client.until('live')
  expect((await general.send('after')).seq).toBe(2)
  await second.close()
  await first[Symbol.asyncDispose]()
})
