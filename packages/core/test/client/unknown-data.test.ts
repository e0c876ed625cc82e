import { expect, test } from 'vitest'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { entriesOf, entryAt } from './wire-data.ts'

test('[MSG-5] an event of an unknown type changes nothing', async () => {
  const { client, peer, faults } = await signedInClient()
  const sentBefore = peer.types
  for (const type of ['weather.changed', '', 'toString', 'session.hello2']) {
    peer.connection.send({ type, data: { channel: 'general' } })
    peer.connection.send({ type })
  }
  await settle()
  expect(client.state.name).toBe('live')
  expect(faults).toEqual([])
  expect(peer.types).toEqual(sentBefore)
})

test('[MSG-5] an entry of an unknown type takes its place in the log and is not told', async () => {
  const { client, peer, faults } = await signedInClient()
  const told: unknown[] = []
  client.channels.get('general').on('message', (message) => told.push(message?.seq))
  await settle()
  peer.connection.send({ type: 'message.starred', channel: 'general', seq: 42, data: { by: 'u2' } })
  peer.connection.send(entryAt(43))
  await settle()
  expect(told).toEqual([43])
  expect(faults).toEqual([])
  expect(peer.types).toEqual(['auth.login', 'channel.join'])
})

test('[MSG-5] an entry of an unknown type in a page of the log does not stop the page', async () => {
  const { client, peer } = await signedInClient()
  const told: unknown[] = []
  client.channels.get('general').on('message', (message) => told.push(message?.seq))
  await settle()
  peer.connection.send(entryAt(44))
  await settle()
  const starred = { type: 'message.starred', channel: 'general', seq: 43, data: { by: 'u2' } }
  const page = { entries: [entryAt(42), starred, entryAt(44)], epoch: 'e1', head: 44 }
  const read = peer.connection.received.find(({ type }) => type === 'log.read')
  peer.connection.send({ re: read?.id, data: page })
  await settle()
  expect(told).toEqual([42, 44])
})

test('[MSG-3] fields that the client does not know are ignored, in envelopes and in data', async () => {
  const { client, peer, faults } = await signedInClient()
  const told: string[] = []
  client.channels.get('general').on('message', ({ text }) => told.push(text))
  await settle()
  for (const entry of entriesOf(42, 43)) {
    const message = { ...entry.data.message, stars: 5 }
    peer.connection.send({ ...entry, trace: 'abc', data: { message, because: ['x'] } })
  }
  expect(told).toEqual(['text 42', 'text 43'])
  expect(faults).toEqual([])
})

test('a text frame that is no envelope is a fault, and the connection goes on', async () => {
  const { client, peer, faults } = await signedInClient()
  for (const text of ['', '{', '[]', '{"re":1,"error":5}']) peer.connection.sendText(text)
  expect(faults).toMatchObject([{ reason: 'json' }, { reason: 'json' }, { reason: 'json' }, { reason: 'envelope' }])
  expect(await client.channels.list()).toHaveLength(1)
})

test('[MEDIA-2] a binary frame that is malformed is a fault, and the connection goes on', async () => {
  const { client, peer, faults } = await signedInClient()
  peer.connection.sendBinary(new Uint8Array(3))
  peer.connection.sendBinary(new Uint8Array(16))
  peer.connection.sendBinary(Uint8Array.of(0x1f, ...new Uint8Array(15)))
  expect(faults).toMatchObject([{ reason: 'truncated' }, { reason: 'version' }, { reason: 'kind' }])
  expect(await client.channels.list()).toHaveLength(1)
})

test('data that does not fit its schema is a fault where the client validates', async () => {
  const { peer, faults } = await signedInClient()
  peer.connection.send({ type: 'channel.lagging', data: { channel: 'general', seq: 'far' } })
  expect(faults).toMatchObject([{ name: 'TypeError', message: expect.stringContaining('channel.lagging') }])
})

test('[BAD-1] what the server could not read is told as a fault', async () => {
  const { client, peer, faults } = await signedInClient()
  const rejected = { reason: 'json', message: 'expected a JSON object in a text frame', left: 9 }
  peer.connection.send({ type: 'session.rejected', data: rejected })
  expect(faults).toEqual([rejected])
  expect(client.state.name).toBe('live')
})

test('a reply to a request that nobody made is ignored', async () => {
  const { client, peer, faults } = await signedInClient()
  peer.connection.send({ re: 4_711, data: {} })
  peer.connection.send({ re: 1, data: {} })
  await settle()
  expect(client.state.name).toBe('live')
  expect(faults).toEqual([])
})
