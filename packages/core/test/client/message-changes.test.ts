import { expect, test } from 'vitest'
import type { Channel } from '../../src/client/channels/channel.ts'
import { memoryOutbox } from '../../src/client/outbox/memory-outbox.ts'
import type { Message } from '../../src/protocol/message.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { changeAt, MEI, messageAt } from './wire-data.ts'

/** What the channel tells of messages, in order: `changed 42@45`, a message and its revision. */
function follow(channel: Channel): string[] {
  const told: string[] = []
  for (const name of ['message', 'changed', 'deleted'] as const) {
    channel.on(name, ({ seq, rev }) => told.push(`${name} ${seq}@${rev}`))
  }
  return told
}

test('[EDIT-3] a change comes as the whole message, a deletion as its tombstone', async () => {
  const { client, peer } = await signedInClient()
  const general = client.channels.get('general')
  const messages: Message[] = []
  general.on('changed', (message) => messages.push(message))
  general.on('deleted', (message) => messages.push(message))
  await settle()
  const reactions = [{ emoji: '👍', count: 1, users: ['u1'] }]
  const entries = [
    changeAt(42, { seq: 7, text: 'better', editedAt: 5_000 }),
    changeAt(43, { seq: 7, text: 'better', editedAt: 5_000, reactions }),
    changeAt(44, { seq: 7, text: '', deleted: true }),
  ]
  for (const entry of entries) peer.connection.send(entry)
  expect(messages).toEqual(entries.map(({ data }) => data.message))
})

test('a listener for changes alone joins the channel', async () => {
  for (const name of ['changed', 'deleted', 'typing'] as const) {
    const { client, peer } = await signedInClient()
    client.channels.get('general').on(name, () => {})
    await settle()
    expect(peer.types).toEqual(['auth.login', 'channel.join'])
  }
})

test('[EDIT-3] a message that was changed while one was away is told once, as it is now', async () => {
  const made = await signedInClient()
  const told = follow(made.client.channels.get('general'))
  await settle()
  const { peer } = made
  peer.answers['session.resume'] = () => ({
    user: MEI,
    token: 'token-of-mei-in-a-browser',
    session: 's',
    expiresAt: 1,
    refreshAt: 1_800_000_000_000,
    channels: { general: { epoch: 'e1', head: 46 } },
  })
  const edited = { ...messageAt(42), text: 'final', rev: 45 }
  const tombstone: Message = { ...messageAt(43), text: '', rev: 46, deleted: true }
  peer.answers['log.read'] = () => ({
    epoch: 'e1',
    head: 46,
    entries: [
      { type: 'message.created', channel: 'general', seq: 42, data: { message: edited } },
      { type: 'message.created', channel: 'general', seq: 43, data: { message: tombstone } },
      { type: 'message.changed', channel: 'general', seq: 44, data: { message: edited } },
      { type: 'message.changed', channel: 'general', seq: 45, data: { message: edited } },
      { type: 'message.deleted', channel: 'general', seq: 46, data: { message: tombstone } },
    ],
  })
  await reconnect(made)
  expect(told).toEqual(['message 42@45', 'message 43@46'])
  peer.connection.send(changeAt(47, { seq: 42 }))
  expect(told.at(-1)).toBe('changed 42@47')
})

test('[EDIT-3] a tombstone that an older entry carries is told as deleted', async () => {
  const { client, peer } = await signedInClient()
  const told = follow(client.channels.get('general'))
  await settle()
  const { data } = changeAt(43, { seq: 7, text: '', deleted: true })
  peer.connection.send({ type: 'message.changed', channel: 'general', seq: 42, data })
  peer.connection.send({ type: 'message.deleted', channel: 'general', seq: 43, data })
  expect(told).toEqual(['deleted 7@43'])
})

test('[EDIT-3] what a page gave out is not told in an older form', async () => {
  const { client, peer } = await signedInClient()
  const general = client.channels.get('general')
  const told = follow(general)
  await settle()
  peer.answers['history.page'] = () => ({
    messages: [{ ...messageAt(7), rev: 44 }],
    epoch: 'e1',
    asOf: 44,
    hasMoreBefore: false,
    hasMoreAfter: true,
  })
  await general.history().next()
  for (const seq of [42, 43, 44, 45]) peer.connection.send(changeAt(seq, { seq: 7 }))
  expect(told).toEqual(['changed 7@44', 'changed 7@45'])
})

test('[EDIT-3] what an answer gave out is not told in an older form', async () => {
  const { client, peer } = await signedInClient()
  const general = client.channels.get('general')
  const told = follow(general)
  await settle()
  peer.answers['message.edit'] = () => ({ message: { ...messageAt(7), rev: 43 } })
  await general.edit(7, 'better')
  peer.connection.send(changeAt(42, { seq: 7 }))
  peer.connection.send(changeAt(43, { seq: 7 }))
  expect(told).toEqual(['changed 7@43'])
})

test('[EDIT-3] what changes while a page is on its way is in the page', async () => {
  const { client, peer } = await signedInClient({ answers: { 'history.page': () => undefined } })
  const general = client.channels.get('general')
  follow(general)
  await settle()
  const page = outcomeOf(general.page())
  await settle()
  peer.connection.send(changeAt(42, { seq: 7, text: 'better' }))
  const messages = [6, 7].map((seq) => messageAt(seq))
  const rest = { epoch: 'e1', asOf: 41, hasMoreBefore: false, hasMoreAfter: false }
  peer.reply('history.page', { messages, ...rest })
  await settle()
  expect(page.value?.messages.map(({ text }) => text)).toEqual(['text 6', 'better'])
})

test('[EDIT-3] a page that may lack changes, of which too many came meanwhile, is asked for again', async () => {
  const { client, peer } = await signedInClient({ answers: { 'history.page': () => undefined } })
  const general = client.channels.get('general')
  follow(general)
  await settle()
  const page = outcomeOf(general.page())
  await settle()
  for (let seq = 42; seq < 42 + 1_001; seq++) peer.connection.send(changeAt(seq, { seq: seq - 41 }))
  const rest = { epoch: 'e1', hasMoreBefore: false, hasMoreAfter: false }
  peer.reply('history.page', { messages: [messageAt(1)], asOf: 41, ...rest })
  await settle()
  expect([page.status, peer.asked('history.page').length]).toEqual(['pending', 2])
  peer.reply('history.page', { messages: [{ ...messageAt(1), rev: 42 }], asOf: 42, ...rest })
  await settle()
  expect(page.value?.messages[0]?.rev).toBe(42)
})

test('[EDIT-1][EDIT-2][REACT-1] what one changes is asked for as the protocol has it, and resolves with the message', async () => {
  const message = { ...messageAt(7), rev: 50 }
  const yes = () => ({ message })
  const { client, peer } = await signedInClient({
    answers: { 'message.edit': yes, 'message.delete': yes, 'message.react': yes, 'message.pin': yes },
  })
  const general = client.channels.get('general')
  const changes = [
    () => general.edit(7, 'better'),
    () => general.edit(7, { text: 'for you', mentions: ['u2'] }),
    () => general.deleteMessage(7),
    () => general.react(7, '👍'),
    () => general.unreact(7, '👍'),
    () => general.pin(7),
    () => general.unpin(7),
  ]
  for (const change of changes) expect(await change()).toEqual(message)
  const place = { channel: 'general', seq: 7 }
  expect(peer.connection.received.slice(1).map(({ type, data }) => [type, data])).toEqual([
    ['message.edit', { ...place, text: 'better' }],
    ['message.edit', { ...place, text: 'for you', mentions: ['u2'] }],
    ['message.delete', place],
    ['message.react', { ...place, emoji: '👍', on: true }],
    ['message.react', { ...place, emoji: '👍', on: false }],
    ['message.pin', { ...place, on: true }],
    ['message.pin', { ...place, on: false }],
  ])
})

test('[PIN-1] the pinned messages come in the order of the server', async () => {
  const messages = [9, 4].map((seq): Message => ({ ...messageAt(seq), pinned: true }))
  const { client, peer } = await signedInClient({ answers: { 'message.pins': () => ({ messages }) } })
  expect(await client.channels.get('general').pins()).toEqual(messages)
  expect(peer.asked('message.pins')).toEqual([{ channel: 'general' }])
})

test('a change is asked for again after a connection that dropped before its reply, and after a refusal for now', async () => {
  const made = await signedInClient({ answers: { 'message.react': () => undefined } })
  const { client, peer, clock } = made
  const reacted = outcomeOf(client.channels.get('general').react(7, '👍'))
  await settle()
  const [asked] = peer.asked('message.react')
  let refusals = 1
  peer.answers['message.react'] = () =>
    refusals-- > 0 ? new Refusal('rate_limited', { retryable: true, retryAfterMs: 700 }) : { message: messageAt(7) }
  await reconnect(made)
  expect([reacted.status, peer.asked('message.react')]).toEqual(['pending', [asked]])
  clock.advance(700)
  await settle()
  expect([reacted.status, peer.asked('message.react')]).toEqual(['fulfilled', [asked, asked]])
})

test('[SEND-9][SEND-10] an answer and its mentions leave with the message, and again with each repeat', async () => {
  const made = await signedInClient({ answers: { 'message.send': () => undefined } })
  const { client, peer } = made
  const draft = { text: 'yes', replyTo: 7, mentions: ['u2', 'u3'] }
  void client.channels.get('general').send(draft)
  await settle()
  const asked = { channel: 'general', clientId: 'id-1', ...draft }
  expect(peer.asked('message.send')).toEqual([asked])
  expect(client.outbox.entries).toMatchObject([{ ...asked, state: 'under-way' }])
  await reconnect(made)
  expect(peer.asked('message.send')).toEqual([asked])
})

test('[SEND-8] an answer and its mentions outlive the client in its store, and are told where they are refused', async () => {
  const outbox = memoryOutbox()
  const first = testClient({ runtime: { outbox }, answers: { 'message.send': () => undefined } })
  await first.client.login({ name: 'mei', password: 'long enough' })
  const draft = { text: 'yes', replyTo: 7, mentions: ['u2'] }
  first.client.channels
    .get('general')
    .send(draft)
    .catch(() => {})
  await settle()
  await first.client.close()
  const refused: unknown[] = []
  const second = testClient({ runtime: { outbox }, answers: { 'message.send': () => new Refusal('forbidden') } })
  second.client.outbox.on('refused', (message) => refused.push(message))
  await second.client.login({ name: 'mei', password: 'long enough' })
  await settle()
  expect(second.peer.asked('message.send')).toEqual([{ channel: 'general', clientId: 'id-1', ...draft }])
  expect(refused).toMatchObject([{ ...draft, error: { code: 'forbidden' } }])
})
