import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { channelAt } from './wire-data.ts'

test('[MSG-1] replies meet their requests by id, in whatever order they come', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.join': () => undefined } })
  const outcomes = ['a', 'b'].map((channel) => outcomeOf(client.request('channel.join', { channel })))
  await settle()
  const [first, second] = peer.connection.received.filter(({ type }) => type === 'channel.join')
  expect(first?.id).not.toBe(second?.id)
  peer.connection.send({ re: second?.id, data: { channel: channelAt(2, 'b') } })
  peer.connection.send({ re: first?.id, data: { channel: channelAt(1, 'a') } })
  await settle()
  expect(outcomes.map(({ value }) => value?.channel.id)).toEqual(['a', 'b'])
})

test('[MSG-7] a request without a reply is given up after 10 s, as unknown', async () => {
  const { client, clock } = await signedInClient({ answers: { 'channel.list': () => undefined } })
  const list = outcomeOf(client.channels.list())
  await settle()
  clock.advance(9_999)
  await settle()
  expect(list.status).toBe('pending')
  clock.advance(1)
  await settle()
  expect(list.error).toMatchObject({ name: 'RequestError', reason: 'unknown' })
})

test('[MSG-7] a request on a connection that drops is unknown at once', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.list': () => undefined } })
  const list = outcomeOf(client.channels.list())
  await settle()
  peer.connection.close(1006, 'cable')
  await settle()
  expect(list.error).toMatchObject({ reason: 'unknown', message: expect.stringContaining('1006 cable') })
})

test('[MSG-7] a request that could not leave within 10 s is unsent', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.hello = undefined
  peer.connection.close(1006)
  const list = outcomeOf(client.channels.list())
  clock.advance(10_000)
  await settle()
  expect(list.error).toMatchObject({ reason: 'unsent', message: expect.stringContaining('within 10000 ms') })
  expect(peer.types).toEqual([])
})

test('a request made while away leaves after the resume', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.close(1006)
  const list = outcomeOf(client.channels.list())
  clock.advance(500)
  await settle()
  expect(peer.types).toEqual(['session.resume', 'channel.list'])
  expect(list.status).toBe('fulfilled')
})

test('[MSG-7] a request before signing in, or after closing, is unsent', async () => {
  const { client } = testClient()
  await expect(client.channels.list()).rejects.toMatchObject({ reason: 'unsent' })
  await client.close()
  await expect(client.channels.list()).rejects.toMatchObject({ reason: 'unsent', cause: { reason: 'closed' } })
})

test('a refusal carries what the server said', async () => {
  const refusal = new Refusal('rate_limited', { retryable: true, retryAfterMs: 700 })
  const { client } = await signedInClient({ answers: { 'channel.list': () => refusal } })
  await expect(client.channels.list()).rejects.toMatchObject({
    reason: 'failed',
    code: 'rate_limited',
    retryable: true,
    retryAfterMs: 700,
  })
})

test('an aborted request rejects with the reason of its signal, on its way and before', async () => {
  const { client, peer } = await signedInClient({ answers: { 'channel.list': () => undefined } })
  const controller = new AbortController()
  const { signal } = controller
  const asked = outcomeOf(client.channels.list({ signal }))
  await settle()
  controller.abort('enough')
  const never = outcomeOf(client.channels.list({ signal }))
  await settle()
  expect([asked, never]).toEqual([
    { status: 'rejected', error: 'enough' },
    { status: 'rejected', error: 'enough' },
  ])
  expect(peer.asked('channel.list')).toHaveLength(1)
})

test('a request that waits for the connection can be aborted', async () => {
  const { client, peer, clock } = await signedInClient()
  peer.connection.close(1006)
  await settle()
  const waitingBefore = clock.waiting
  const controller = new AbortController()
  const asked = outcomeOf(client.channels.list({ signal: controller.signal }))
  controller.abort('enough')
  await settle()
  expect(asked).toEqual({ status: 'rejected', error: 'enough' })
  expect(clock.waiting).toBe(waitingBefore)
})
