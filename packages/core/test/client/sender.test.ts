import { expect, test } from 'vitest'
import { LIMITS } from '../../src/protocol/limits.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { HELLO, messageAt } from './wire-data.ts'

const ACCOUNT = { name: 'mei', password: 'long enough' }

test('[SEND-1] a send resolves with the stored message, when the reply is there', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.send': () => undefined } })
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await settle()
  expect(peer.asked('message.send')).toEqual([{ channel: 'general', clientId: 'id-1', text: 'hello' }])
  expect(sent.status).toBe('pending')
  expect(client.unsent).toBe(1)
  peer.reply('message.send', { message: messageAt(42) })
  await settle()
  expect(sent).toEqual({ status: 'fulfilled', value: messageAt(42) })
  expect(client.unsent).toBe(0)
})

test('[SEND-2] each message has a client id of its own', async () => {
  const { client, peer } = await signedInClient()
  const general = client.channels.get('general')
  await Promise.all([general.send('same'), general.send('same')])
  expect(peer.asked('message.send').map(({ clientId }) => clientId)).toEqual(['id-1', 'id-2'])
})

test('[SEND-2] messages of a dropped connection leave again in order, with the ids that they had, and resolve once', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const stored = peer.answers['message.send']
  peer.answers['message.send'] = () => undefined
  const general = client.channels.get('general')
  const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(general.send(text)))
  await settle()
  const before = peer.asked('message.send')
  if (stored) peer.answers['message.send'] = stored
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume', 'message.send', 'message.send', 'message.send'])
  expect(peer.asked('message.send')).toEqual(before)
  expect(outcomes.map(({ status, value }) => [status, value?.text])).toEqual([
    ['fulfilled', 'one'],
    ['fulfilled', 'two'],
    ['fulfilled', 'three'],
  ])
  await reconnect(made)
  expect(peer.asked('message.send')).toEqual([])
})

test('[SEND-2] messages sent while away leave after the resume, in their order', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  peer.connection.close(1006)
  await settle()
  const general = client.channels.get('general')
  const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(general.send(text)))
  await settle()
  expect(client.unsent).toBe(3)
  expect(outcomes.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending'])
  clock.advance(500)
  await settle()
  expect(peer.asked('message.send').map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
  expect(client.unsent).toBe(0)
})

test('a message sent before signing in leaves after the log-in', async () => {
  const { client, peer } = testClient()
  const sent = outcomeOf(client.channels.get('general').send('early'))
  await client.login(ACCOUNT)
  await settle()
  expect(peer.types).toEqual(['auth.login', 'message.send'])
  expect(sent.value?.text).toBe('early')
})

test('a message that waits longer than any deadline still leaves', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  peer.hello = undefined
  peer.connection.close(1006)
  const sent = outcomeOf(client.channels.get('general').send('patient'))
  clock.advance(60_000)
  await settle()
  expect(sent.status).toBe('pending')
  peer.connection.close(1006)
  peer.hello = HELLO
  clock.advance(15_000)
  await settle()
  expect(sent.value?.text).toBe('patient')
})

test('a message sent at the moment the client goes live does not overtake those that wait', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  peer.connection.close(1006)
  await settle()
  const general = client.channels.get('general')
  const outcomes = [outcomeOf(general.send('waits'))]
  client.on('state', ({ name }) => {
    if (name === 'live') outcomes.push(outcomeOf(general.send('at once')))
  })
  clock.advance(500)
  await settle()
  expect(peer.asked('message.send').map(({ text }) => text)).toEqual(['waits', 'at once'])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
})

test('[MSG-7] a message without an answer by the deadline is sent again, with the id that it had', async () => {
  const { client, peer, clock } = await signedInClient({ answers: { 'message.send': () => undefined } })
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await settle()
  clock.advance(10_000)
  await settle()
  const repeated = { channel: 'general', clientId: 'id-1', text: 'hello' }
  expect(peer.asked('message.send')).toEqual([repeated, repeated])
  peer.reply('message.send', { message: messageAt(42) })
  await settle()
  expect(sent).toEqual({ status: 'fulfilled', value: messageAt(42) })
})

test('[MSG-7] a message that the server refuses has failed, and is not sent again', async () => {
  const made = await signedInClient({ answers: { 'message.send': () => new Refusal('forbidden') } })
  const { client, peer } = made
  const sent = client.channels.get('general').send('hello')
  await expect(sent).rejects.toMatchObject({ reason: 'failed', code: 'forbidden' })
  expect(client.unsent).toBe(0)
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume'])
})

test('[MSG-8] no more than 256 requests wait for their reply, however many messages waited', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const stored = peer.answers['message.send']
  peer.answers['message.send'] = () => undefined
  peer.connection.close(1006)
  await settle()
  const general = client.channels.get('general')
  const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`)
  const outcomes = texts.map((text) => outcomeOf(general.send(text)))
  clock.advance(500)
  await settle()
  const waiting = peer.connection.received.filter(({ type }) => type === 'message.send')
  expect(waiting.length).toBeGreaterThan(0)
  expect(waiting.length).toBeLessThanOrEqual(LIMITS.pendingRequests)
  if (stored) peer.answers['message.send'] = stored
  for (const { id } of waiting) peer.connection.send({ re: id, data: { message: messageAt(42) } })
  await settle()
  expect(peer.asked('message.send').map(({ text }) => text)).toEqual(texts)
  expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true)
})

test('an aborted message is not sent, and rejects with the reason of its signal', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  peer.connection.close(1006)
  await settle()
  const controller = new AbortController()
  const general = client.channels.get('general')
  const given = outcomeOf(general.send('given up', { signal: controller.signal }))
  const kept = outcomeOf(general.send('kept'))
  controller.abort('enough')
  const late = outcomeOf(general.send('too late', { signal: controller.signal }))
  clock.advance(500)
  await settle()
  expect(given).toEqual({ status: 'rejected', error: 'enough' })
  expect(late).toEqual({ status: 'rejected', error: 'enough' })
  expect(kept.status).toBe('fulfilled')
  expect(peer.asked('message.send').map(({ text }) => text)).toEqual(['kept'])
})

test('[MSG-7] a message that never left when the client closes is unsent', async () => {
  const { client, peer } = await signedInClient()
  peer.connection.close(1006)
  await settle()
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await client.close()
  await settle()
  expect(sent.error).toMatchObject({ name: 'RequestError', reason: 'unsent', cause: { reason: 'closed' } })
})

test('[MSG-7] a message that left and was not answered when the client closes is unknown', async () => {
  const { client } = await signedInClient({ answers: { 'message.send': () => undefined } })
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await settle()
  await client.close()
  await settle()
  expect(sent.error).toMatchObject({ name: 'RequestError', reason: 'unknown' })
})

test('[MSG-7] a message that left over an earlier connection is unknown when the client closes', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.send': () => undefined } })
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  await settle()
  peer.connection.close(1006)
  await settle()
  await client.close()
  await settle()
  expect(sent.error).toMatchObject({ name: 'RequestError', reason: 'unknown' })
})
