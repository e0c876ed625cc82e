import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { heldStorage } from '../held-storage.ts'
import { RunningServer } from '../running-server.ts'

const SEND = { channel: 'general', clientId: 'a', text: 'under way' }

test('[DRAIN-1] closing says goaway, answers what is under way, refuses what comes, and then closes with 4000', async () => {
  const held = heldStorage('append')
  await using running = await RunningServer.start({ storage: held.storage })
  const mei = await running.signIn('mei')
  const underWay = mei.post('message.send', SEND)
  await held.waiting(1)
  const closed = running.server.close()
  expect(await mei.event('session.goaway')).toEqual({ withinMs: LIMITS.drainMs, spreadMs: 500 })
  expect(await mei.refusal('channel.list')).toMatchObject({ code: 'unavailable', retryable: true })
  held.release()
  expect(await mei.reply(underWay)).toMatchObject({ data: { message: { seq: 1 } } })
  expect(await mei.closed).toMatchObject({ code: 4000 })
  await closed
})

test('[DRAIN-1] a request that takes for ever does not hold up the drain for longer than it may', async () => {
  const clock = new ManualClock()
  const held = heldStorage('append')
  await using running = await RunningServer.start({ storage: held.storage, clock })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  mei.post('message.send', SEND)
  await held.waiting(1)
  const closed = running.server.close()
  await li.event('session.goaway')
  clock.advance(LIMITS.drainMs)
  expect(await li.closed).toMatchObject({ code: 4000 })
  held.release()
  await closed
})

test('whoever closes a server that is closing waits for the same end', async () => {
  const held = heldStorage('append')
  await using running = await RunningServer.start({ storage: held.storage })
  const mei = await running.signIn('mei')
  mei.post('message.send', SEND)
  await held.waiting(1)
  const ended: string[] = []
  const first = running.server.close().then(() => ended.push('first'))
  const second = running.server.close().then(() => ended.push('second'))
  await mei.event('session.goaway')
  expect(ended).toEqual([])
  held.release()
  await Promise.all([first, second])
})

test('[DRAIN-1] somebody who has not signed in is told too', async () => {
  await using running = await RunningServer.start()
  const stranger = await running.connect()
  const closed = running.server.close()
  await stranger.event('session.goaway')
  expect(await stranger.closed).toMatchObject({ code: 4000 })
  await closed
})
