import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { Outgoing } from '../../src/delivery/outgoing.ts'
import { Turn } from '../../src/delivery/turn.ts'
import { Presence } from '../../src/presence/presence.ts'
import { InProcessClient } from '../in-process-client.ts'
import type { RawClient } from '../raw-client.ts'
import { RecordingSocket } from '../recording-socket.ts'
import { RunningServer } from '../running-server.ts'

/** A server with somebody who watches. */
async function watched(): Promise<{ running: RunningServer; clock: ManualClock; mei: RawClient }> {
  const clock = new ManualClock()
  const running = await RunningServer.start({ clock, rateLimits: 'off', connectionLimits: 'off' })
  const mei = await running.signIn('mei')
  await mei.ask('presence.watch', {})
  return { running, clock, mei }
}

async function news(client: RawClient): Promise<[name: string, status: string]> {
  const { user, status } = await client.event('presence.changed')
  return [user.name, status]
}

/** What came that nobody has looked at. */
async function unread(client: RawClient): Promise<unknown[]> {
  await client.settle()
  return client.texts.takeAll().filter(({ type }) => type === 'presence.changed')
}

/** Closes a connection, and waits until the server has noticed. */
async function leave(running: RunningServer, client: RawClient): Promise<void> {
  const before = running.server.stats.sessions
  client.close()
  await client.closed
  await expect.poll(() => running.server.stats.sessions).toBe(before - 1)
}

/** Past the time that an absence takes, in steps that leave nobody's probe unanswered. */
async function stayAway(clock: ManualClock, watcher: RawClient): Promise<void> {
  for (let step = 0; step < 3; step++) {
    clock.advance(LIMITS.presenceAbsenceMs / 3 + 100)
    await watcher.settle()
  }
}

test('[PRES-1] presence.watch replies with everybody who is there, and how many there are', async () => {
  const { running, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  expect(await mei.ask('presence.watch', {})).toEqual({
    present: [
      { user: { id: mei.authenticated.user.id, name: 'mei' }, status: 'online' },
      { user: { id: li.authenticated.user.id, name: 'li' }, status: 'online' },
    ],
    count: 2,
  })
})

test('[PRES-1] who watches hears of each change, until presence.unwatch; who does not hears nothing', async () => {
  const { running, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  expect(await news(mei)).toEqual(['li', 'online'])
  await li.ask('presence.set', { status: 'busy' })
  expect(await news(mei)).toEqual(['li', 'busy'])
  expect(await unread(li)).toEqual([])
  await mei.ask('presence.unwatch', {})
  await li.ask('presence.set', { status: 'away' })
  expect(await unread(mei)).toEqual([])
})

test('[PRES-1] to a watcher who takes nothing for a while, only the newest of each user comes', async () => {
  const server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await mei.ask('presence.watch', {})
  mei.takeWrites()
  mei.socket.bufferedBytes = 1_000_000
  for (const status of ['busy', 'away', 'online', 'busy'] as const) await li.ask('presence.set', { status })
  expect(mei.takeWrites()).toEqual([])
  mei.socket.bufferedBytes = 0
  mei.handler.drained()
  await mei.ask('presence.unwatch', {})
  const changes = mei.takeWrites().flatMap((write) => write.filter(({ text }) => text?.['type'] === 'presence.changed'))
  expect(changes).toMatchObject([{ text: { data: { user: { name: 'li' }, status: 'busy' } } }])
  await server.close()
})

test('[PRES-1] a reply names 500 users and counts all', () => {
  const presence = new Presence(new ManualClock())
  const watcher = new Outgoing({
    socket: new RecordingSocket(),
    turn: new Turn(),
    clock: new ManualClock(),
    tooSlow: () => {},
  })
  for (let at = 0; at <= LIMITS.presentUsers; at++) presence.came({ id: `u${at}`, name: `user ${at}`, role: 'member' })
  const { present, count } = presence.watch(watcher)
  expect([present.length, count]).toEqual([LIMITS.presentUsers, LIMITS.presentUsers + 1])
})

test('[PRES-2] a user is there until 10 s after their last connection is gone', async () => {
  const { running, clock, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  const second = await running.withToken(li.authenticated.token)
  expect(await news(mei)).toEqual(['li', 'online'])
  await leave(running, li)
  await stayAway(clock, mei)
  expect(await unread(mei)).toEqual([])
  await leave(running, second)
  clock.advance(LIMITS.presenceAbsenceMs - 200)
  expect(await unread(mei)).toEqual([])
  clock.advance(400)
  expect(await news(mei)).toEqual(['li', 'offline'])
  expect(await mei.ask('presence.watch', {})).toMatchObject({ count: 1 })
})

test('[PRES-2] who comes back within it never left', async () => {
  const { running, clock, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  expect(await news(mei)).toEqual(['li', 'online'])
  await leave(running, li)
  clock.advance(LIMITS.presenceAbsenceMs - 200)
  await running.withToken(li.authenticated.token)
  await stayAway(clock, mei)
  expect(await unread(mei)).toEqual([])
})

test('[PRES-3] presence.set is for all of a user’s connections, until they are not there any more', async () => {
  const { running, clock, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  await li.ask('presence.set', { status: 'away' })
  const second = await running.withToken(li.authenticated.token)
  await leave(running, li)
  expect(await mei.ask('presence.watch', {})).toMatchObject({ present: [{}, { status: 'away' }] })
  await leave(running, second)
  await stayAway(clock, mei)
  await unread(mei)
  await running.withToken(li.authenticated.token)
  expect(await news(mei)).toEqual(['li', 'online'])
})

test('[PRES-3] with offline a user is not shown at all', async () => {
  const { running, clock, mei } = await watched()
  await using _ = running
  const li = await running.signIn('li')
  expect(await news(mei)).toEqual(['li', 'online'])
  await li.ask('presence.set', { status: 'offline' })
  expect(await news(mei)).toEqual(['li', 'offline'])
  expect(await mei.ask('presence.watch', {})).toMatchObject({ present: [{ user: { name: 'mei' } }], count: 1 })
  await leave(running, li)
  await stayAway(clock, mei)
  expect(await unread(mei)).toEqual([])
})
