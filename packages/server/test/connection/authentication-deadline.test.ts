import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { RunningServer } from '../running-server.ts'

test('[CONN-3] a connection that has not authenticated after 10 s is closed with 4003, and not earlier', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const client = await running.connect()
  clock.advance(LIMITS.authenticationMs - 1)
  await client.settle()
  expect(running.server.stats.sessions).toBe(1)
  clock.advance(1)
  expect(await client.closed).toEqual({ code: 4003, reason: 'not authenticated in time' })
  expect(running.server.stats.sessions).toBe(0)
})

test('[CONN-3] a failed authentication does not stop the clock, a successful one does', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const wrong = await running.connect()
  const right = await running.signIn('mei')
  expect(await wrong.refusal('auth.token', { token: 'x'.repeat(43) })).toMatchObject({ code: 'unauthenticated' })
  clock.advance(LIMITS.authenticationMs)
  expect(await wrong.closed).toMatchObject({ code: 4003 })
  expect(await right.ask('channel.list', {})).toMatchObject({ channels: [{ id: 'general' }, { id: 'lounge' }] })
})
