import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

test('[CONN-2] the first frame is session.hello, before anything that the client asked', async () => {
  await using running = await RunningServer.start()
  await using client = await RawClient.connect(running.url)
  expect(await client.request('channel.list')).toMatchObject({ re: 1, error: { code: 'unauthenticated' } })
  const { controlBytes, mediaBytes, messageText, page, joinedChannels, tracks, pendingRequests } = LIMITS
  expect(client.received[0]).toMatchObject({
    type: 'session.hello',
    data: {
      server: expect.stringMatching(/^[\w-]{16}$/),
      capabilities: expect.arrayContaining(['chat', 'voice']),
      registration: 'open',
      limits: { controlBytes, mediaBytes, messageText, page, joinedChannels, tracks, pendingRequests },
    },
  })
})

test('[CLOCK-2] session.hello has one instant on both of the server’s clocks', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  clock.advance(1_234.5)
  await using client = await RawClient.connect(running.url)
  const hello = await client.event('session.hello')
  expect(hello.clock).toEqual({ session: 1_234_500, wall: Math.round(clock.wall()) })
})

test('session.hello tells whether accounts are made', async () => {
  await using closed = await RunningServer.start({ registration: 'closed' })
  await using one = await RawClient.connect(closed.url)
  expect(await one.event('session.hello')).toMatchObject({ registration: 'closed' })
  await using claimed = await RunningServer.start({ claim: { redeem: async () => false } })
  await using two = await RawClient.connect(claimed.url)
  expect(await two.event('session.hello')).toMatchObject({ registration: 'claim' })
})

test('every connection to one server hears of the same server, to another one of another', async () => {
  await using running = await RunningServer.start()
  await using other = await RunningServer.start()
  const heard: string[] = []
  for (const { url } of [running, running, other]) {
    await using client = await RawClient.connect(url)
    heard.push((await client.event('session.hello')).server)
  }
  expect(heard[0]).toBe(heard[1])
  expect(heard[2]).not.toBe(heard[0])
})
