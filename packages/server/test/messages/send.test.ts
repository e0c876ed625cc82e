import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { heldStorage } from '../held-storage.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('[SEND-1] when the reply comes, another connection to the database reads the message', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  const database = new Database(file)
  const select = database.prepare('select seq, text from message where client_id = ?')
  for (let count = 1; count <= 20; count++) {
    const send = mei.ask('message.send', { channel: 'general', clientId: `${count}`, text: `text ${count}` })
    const found = await send.then(() => select.all(`${count}`))
    expect(found).toEqual([{ seq: count, text: `text ${count}` }])
  }
  database.close()
})

test('[SEND-1] as long as the message is not durable there is no reply and no event', async () => {
  const held = heldStorage('append')
  await using running = await RunningServer.start({ storage: held.storage })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  const id = mei.post('message.send', { channel: 'general', clientId: 'a', text: 'hello' })
  await held.waiting(1)
  await mei.settle()
  await li.settle()
  expect(mei.texts.all.filter(({ re }) => re === id)).toEqual([])
  expect(entriesOf(li)).toEqual([])
  held.release()
  expect(await mei.reply(id)).toMatchObject({ data: { message: { seq: 1 } } })
  expect(await li.entry()).toMatchObject({ seq: 1, data: { message: { text: 'hello' } } })
})

test('[SEND-1] a message that could not be stored is neither answered with data nor told to anybody', async () => {
  const { storage } = heldStorage('page')
  const failing = { ...storage.log, append: () => Promise.reject(new Error('the disk is full')) }
  await using running = await RunningServer.start({ storage: { ...storage, log: failing } })
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  expect(await mei.refusal('message.send', { channel: 'general', clientId: 'a', text: 'hello' })).toMatchObject({
    code: 'internal',
    retryable: true,
  })
  await mei.settle()
  expect(entriesOf(mei)).toEqual([])
})

test('[SEND-2] a repeat gets the first message back, whatever its text, and adds nothing', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  const first = await mei.ask('message.send', { channel: 'general', clientId: 'a', text: 'first' })
  await say(mei, ['between'])
  expect(await mei.ask('message.send', { channel: 'general', clientId: 'a', text: 'second' })).toEqual(first)
  await mei.settle()
  expect(entriesOf(mei).map(({ data }) => data.message.text)).toEqual(['first', 'between'])
  expect((await mei.ask('history.page', { channel: 'general' })).messages).toHaveLength(2)
})

test('[SEND-2] ten sends of one client id in one write are one message', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  const replies = await Promise.all(
    numbered(10).map((text) => mei.ask('message.send', { channel: 'general', clientId: 'a', text })),
  )
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
  expect(replies[0]?.message).toMatchObject({ seq: 1, text: '1' })
  await li.settle()
  expect(entriesOf(li)).toHaveLength(1)
})

test('[SEND-2] a client id is another in another channel and from another author', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const send = { clientId: 'a', text: 'hello' }
  const places = [
    (await mei.ask('message.send', { channel: 'general', ...send })).message,
    (await mei.ask('message.send', { channel: 'lounge', ...send })).message,
    (await li.ask('message.send', { channel: 'general', ...send })).message,
  ]
  expect(places.map(({ channel, seq }) => [channel, seq])).toEqual([
    ['general', 1],
    ['lounge', 1],
    ['general', 2],
  ])
})

test('[SEND-2] a repeat from another connection of the author, after a restart, gets the first message', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const send = { channel: 'general', clientId: 'a', text: 'hello' }
  const replies = []
  for (const way of ['auth.register', 'auth.login'] as const) {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
    const mei = await running.connect()
    await mei.authenticate(way, { name: 'mei', password: PASSWORD })
    replies.push(await mei.ask('message.send', send))
  }
  expect(replies[1]).toEqual(replies[0])
})

test('[SEND-3] texts of 1 and of 4,000 UTF-16 code units are taken', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const texts = ['x', ' x ', '\n.\n', 'x'.repeat(4_000), '€'.repeat(4_000), '😀'.repeat(2_000), '\u0001'.repeat(4_000)]
  for (const [at, text] of texts.entries()) {
    expect((await mei.ask('message.send', { channel: 'general', clientId: `${at}`, text })).message.text).toBe(text)
  }
  expect((await mei.ask('history.page', { channel: 'general' })).messages.map(({ text }) => text)).toEqual(texts)
})

test('[SEND-3] an empty text, one of more than 4,000 code units and one of white space alone get bad_request', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const texts = [
    '',
    ' ',
    '\n\t\r',
    '\u00a0\u2003\u3000\ufeff',
    'x'.repeat(4_001),
    '😀'.repeat(2_001),
    ' '.repeat(4_000),
  ]
  for (const text of texts) {
    const { code, issues = [] } = await mei.refusal('message.send', { channel: 'general', clientId: 'a', text })
    expect(code, JSON.stringify(text.slice(0, 9))).toBe('bad_request')
    expect(new Set(issues.map(({ path }) => path))).toEqual(new Set(['text']))
  }
  expect(await mei.ask('log.read', { channel: 'general', after: 0 })).toMatchObject({ head: 0 })
})

const NOT_KEPT = ['nul \u0000 in it', '\u0000', 'unpaired \ud83d half', '\udc00 x', 'x\ud83d']

test('[SEND-3] a text or client id with U+0000 or an unpaired surrogate gets bad_request', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const send = { channel: 'general', clientId: 'a', text: 'hello' }
  for (const odd of NOT_KEPT) {
    for (const field of ['text', 'clientId'] as const) {
      expect(await mei.refusal('message.send', { ...send, [field]: odd }), JSON.stringify(odd)).toMatchObject({
        code: 'bad_request',
        issues: [{ path: field }],
      })
    }
  }
  expect(await mei.ask('log.read', { channel: 'general', after: 0 })).toMatchObject({ head: 0 })
})

test('[SEND-2] client ids that differ in a character, its case or its form are two', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const ids = ['a', 'A', 'a ', ' a', 'å', 'a\u030a', '😀', '🎧', '\u0001', '\u200b', '\ufeff', 'x'.repeat(64)]
  const seqs: number[] = []
  for (const clientId of ids) {
    seqs.push((await mei.ask('message.send', { channel: 'general', clientId, text: 'same' })).message.seq)
  }
  expect(seqs).toEqual(ids.map((_, at) => at + 1))
  const { messages } = await mei.ask('history.page', { channel: 'general' })
  expect(messages.map(({ clientId }) => clientId)).toEqual(ids)
})

test('[SEND-4] everybody who joined gets every message, the sender too, in the order of seq', async () => {
  await using running = await RunningServer.start()
  const people = await Promise.all(['mei', 'li', 'zoe', 'ada'].map((name) => running.signIn(name)))
  const [absent, ...present] = people
  for (const person of present) await person.ask('channel.join', { channel: 'general' })
  await Promise.all(people.map((person) => say(person, numbered(25))))
  for (const person of people) await person.settle()
  const all = (await Promise.all(present.map(async (person) => entriesOf(person)))) ?? []
  for (const entries of all) {
    expect(entries.map(({ seq }) => seq)).toEqual(numbered(100).map(Number))
    expect(entries.map(({ data }) => data.message.seq)).toEqual(numbered(100).map(Number))
    expect(entries).toEqual(all[0])
  }
  expect(absent && entriesOf(absent)).toEqual([])
})

test('[SEND-4] the event carries channel and seq, and the message as its sender’s reply has it', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  const { message } = await mei.ask('message.send', { channel: 'general', clientId: 'a', text: 'hello' })
  expect(await li.entry()).toEqual({ type: 'message.created', channel: 'general', seq: 1, data: { message } })
})

test('[SEND-5] ordinal counts the messages of the channel from 1; rev is the seq of the entry that made it', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await say(mei, ['one'])
  await say(mei, ['elsewhere'], 'lounge')
  await say(li, ['two'])
  await mei.ask('message.send', { channel: 'general', clientId: 'general one', text: 'a repeat' })
  await say(mei, ['three'])
  const { messages } = await mei.ask('history.page', { channel: 'general' })
  expect(messages.map(({ text, seq, ordinal, rev }) => ({ text, seq, ordinal, rev }))).toEqual([
    { text: 'one', seq: 1, ordinal: 1, rev: 1 },
    { text: 'two', seq: 2, ordinal: 2, rev: 2 },
    { text: 'three', seq: 3, ordinal: 3, rev: 3 },
  ])
})

test('[SEND-6] a message that names one that is not stored is refused, retryable, and told to nobody', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  const second = { channel: 'general', clientId: 'b', text: 'second', after: 'a' }
  expect(await mei.refusal('message.send', second)).toMatchObject({ code: 'out_of_order', retryable: true })
  await mei.ask('message.send', { channel: 'general', clientId: 'a', text: 'first' })
  expect((await mei.ask('message.send', second)).message).toMatchObject({ seq: 2, text: 'second' })
  await mei.settle()
  expect(entriesOf(mei).map(({ data }) => data.message.text)).toEqual(['first', 'second'])
})

test('[SEND-6] what is named is the author’s own message to the same channel; a repeat may name anything', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('message.send', { channel: 'general', clientId: 'of li', text: 'hello' })
  await mei.ask('message.send', { channel: 'lounge', clientId: 'elsewhere', text: 'hello' })
  const own = { channel: 'general', clientId: 'own', text: 'hello' }
  for (const after of ['of li', 'elsewhere']) {
    expect(await mei.refusal('message.send', { ...own, after }), after).toMatchObject({ code: 'out_of_order' })
  }
  const { message } = await mei.ask('message.send', own)
  expect((await mei.ask('message.send', { ...own, after: 'never stored' })).message).toEqual(message)
})

test('[SEND-6] a chain of messages in one write is stored; one that was refused holds back all behind it', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const posted = ['a', 'b', 'lost', 'd', 'e'].map((clientId, at, ids) => {
    const text = clientId === 'lost' ? ' ' : clientId
    const after = ids[at - 1]
    return mei.post('message.send', { channel: 'general', clientId, text, ...(after ? { after } : {}) })
  })
  const replies = await Promise.all(posted.map((id) => mei.reply(id)))
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : undefined))).toEqual([
    undefined,
    undefined,
    'bad_request',
    'out_of_order',
    'out_of_order',
  ])
  const { messages } = await mei.ask('history.page', { channel: 'general' })
  expect(messages.map(({ text }) => text)).toEqual(['a', 'b'])
})

test('a message says who wrote it and when', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('Mei Lin')
  const before = Date.now()
  const [message] = await say(mei, ['hello'])
  expect(message?.author).toEqual({ id: mei.authenticated.user.id, name: 'Mei Lin' })
  expect(message?.at).toBeGreaterThanOrEqual(before)
  expect(message?.at).toBeLessThanOrEqual(Date.now())
})

test('the server tells the application of each stored message once', async () => {
  await using running = await RunningServer.start()
  const heard: string[] = []
  const stop = running.server.on('message', ({ message }) => heard.push(message.text))
  const mei = await running.signIn('mei')
  await say(mei, ['one', 'one', 'two'])
  stop()
  await say(mei, ['three'])
  expect(heard).toEqual(['one', 'two'])
})
