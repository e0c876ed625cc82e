import { createServer, type ServerEvents } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { numbered, say } from '../chat.ts'
import { ownedServer } from '../owned-server.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('the application sends by a bot of its own, and those who joined hear it', async () => {
  await using running = await RunningServer.start({ botName: 'house' })
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  const message = await running.server.channels.get('general').send('welcome')
  expect(message).toMatchObject({ seq: 1, text: 'welcome', author: { name: 'house', bot: true } })
  expect((await mei.entry()).data.message).toEqual(message)
})

test('the server’s own bot is one account, after a restart too', async () => {
  await using folder = await temporaryFolder()
  const ids = new Set<string>()
  for (let start = 0; start < 2; start++) {
    await using server = createServer({ storage: sqliteStorage({ file: folder.file('db') }) })
    const general = server.channels.get('general')
    const sent = await Promise.all([general.send('one'), general.send('two')])
    for (const { author } of sent) ids.add(author.id)
  }
  expect(ids.size).toBe(1)
})

test('a person who has the bot’s name keeps it, and the application is told', async () => {
  await using running = await RunningServer.start({ botName: 'Mei' })
  await running.signIn('mei')
  await expect(running.server.channels.get('general').send('hello')).rejects.toThrow('set botName')
})

test('the application sends as anybody, in answer to something, and once for one clientId', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const [first] = await say(mei, ['hello'])
  const { id } = mei.authenticated.user
  const general = running.server.channels.get('general')
  const message = { text: 'and more', as: id, replyTo: first?.seq ?? 0, clientId: 'c1' }
  const sent = await general.send(message)
  expect(sent).toMatchObject({ author: { name: 'mei' }, replyTo: first?.seq, clientId: 'c1' })
  expect(await general.send(message)).toEqual(sent)
  expect((await mei.ask('history.page', { channel: 'general' })).messages).toHaveLength(2)
})

test('what the application sends is checked as everybody’s is', async () => {
  await using running = await RunningServer.start()
  const { channels } = running.server
  const code = (body: string) => ({ body: { code: body } })
  await expect(channels.get('general').send(' ')).rejects.toMatchObject(code('bad_request'))
  await expect(channels.get('general').send('x'.repeat(4_001))).rejects.toMatchObject(code('bad_request'))
  await expect(channels.get('nowhere').send('hello')).rejects.toMatchObject(code('not_found'))
  await expect(channels.get('general').send({ text: 'hello', as: 'nobody' })).rejects.toMatchObject(code('not_found'))
  await expect(channels.get('general').send({ text: 'hello', replyTo: 9 })).rejects.toMatchObject(code('not_found'))
})

test('the application reads a channel’s past page by page, the newest first', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, numbered(5))
  const pages: string[][] = []
  for await (const { messages } of running.server.channels.get('general').history({ limit: 2 })) {
    pages.push(messages.map(({ text }) => text))
  }
  expect(pages).toEqual([['4', '5'], ['2', '3'], ['1']])
  await expect(running.server.channels.get('nowhere').history().next()).rejects.toMatchObject({
    body: { code: 'not_found' },
  })
})

test('a server opens by itself for its application, and a closed one says so', async () => {
  const server = createServer()
  expect((await server.channels.list()).map(({ id }) => id)).toEqual(['general', 'lounge'])
  expect(server.channels.get('general').summary).toMatchObject({ kind: 'text', head: 0 })
  await server.close()
  await expect(server.channels.get('general').send('late')).rejects.toMatchObject({ body: { code: 'unavailable' } })
})

test('the application hears of messages, of their changes and of their end', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const heard: [keyof ServerEvents, string, string][] = []
  for (const name of ['message', 'changed', 'deleted'] as const) {
    running.server.on(name, ({ channel, message }) => void heard.push([name, channel.id, message.text]))
  }
  const { message } = await owner.ask('message.send', { channel: 'general', clientId: 'c', text: 'one' })
  const place = { channel: 'general', seq: message.seq }
  await owner.ask('message.edit', { ...place, text: 'two' })
  await owner.ask('message.delete', place)
  expect(heard).toEqual([
    ['message', 'general', 'one'],
    ['changed', 'general', 'two'],
    ['deleted', 'general', ''],
  ])
})

test('the application hears of channels that are made, changed and removed', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const heard: string[] = []
  running.server.on('channel', ({ channel }) => void heard.push(channel.name))
  running.server.on('removed', ({ channel }) => void heard.push(`without ${channel}`))
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'News' })
  await owner.ask('channel.update', { channel: channel.id, name: 'Old news' })
  await owner.ask('channel.delete', { channel: channel.id })
  expect(heard).toEqual(['News', 'Old news', `without ${channel.id}`])
})

test('the application makes channels, changes them and lets users in, as the owner may', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { channels } = running.server
  const secret = await channels.create({ kind: 'text', name: 'Secret', private: true })
  await secret.send('nobody here')
  expect(await mei.refusal('channel.join', { channel: secret.id })).toMatchObject({ code: 'not_found' })
  const { id } = mei.authenticated.user
  await secret.addMember(id)
  await mei.ask('channel.join', { channel: secret.id })
  await secret.send({ text: 'hello', mentions: [id, id, 'nobody'] })
  expect((await mei.entry()).data.message).toMatchObject({ text: 'hello', mentions: [id] })
  expect(await secret.update({ topic: 'hush', archived: true })).toMatchObject({ topic: 'hush', archived: true })
  await secret.removeMember(id)
  expect((await mei.event('channel.removed')).channel).toBe(secret.id)
  await secret.delete()
  expect((await channels.list()).map(({ name }) => name)).toEqual(['general', 'lounge'])
  await expect(channels.create({ kind: 'text', name: '' })).rejects.toMatchObject({ body: { code: 'bad_request' } })
  await expect(channels.create({ kind: 'text', name: 'general' })).rejects.toMatchObject({ body: { code: 'conflict' } })
})
