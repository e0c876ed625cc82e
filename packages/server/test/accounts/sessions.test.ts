import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { memoryStorage } from '@arclight/server'
import { expect, test } from 'vitest'
import { heldStorage } from '../held-storage.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { enter } from '../voice.ts'

const DAY = 86_400_000

test('[AUTH-8] a session that nobody uses ends after 30 days, one that is used goes on', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const { token, expiresAt, refreshAt } = (await running.signIn('mei')).authenticated
  expect([expiresAt - clock.wall(), refreshAt - clock.wall()]).toEqual([LIMITS.sessionMs, LIMITS.sessionMs / 2])
  clock.sleep(29 * DAY)
  const used = await (await running.connect()).authenticate('auth.token', { token })
  expect(used.expiresAt).toBe(clock.wall() + LIMITS.sessionMs)
  clock.sleep(30 * DAY - 1)
  expect((await (await running.connect()).authenticate('auth.token', { token })).user.name).toBe('mei')
  // The wall clock alone, so that nothing has forgotten the session yet.
  clock.setWall(30 * DAY)
  const late = await running.connect()
  expect(await late.refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect(await late.refusal('session.resume', { token, cursors: {} })).toMatchObject({ code: 'unauthenticated' })
})

test('[AUTH-8] a connection whose session expires is closed with 4502', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock, sessionLifetimeMs: 5_000 })
  const mei = await running.signIn('mei')
  clock.advance(4_900)
  await mei.settle()
  clock.advance(100)
  expect(await mei.closed).toMatchObject({ code: 4502 })
})

test('[AUTH-8] auth.refresh makes the session good for longer, the connection too', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock, sessionLifetimeMs: 5_000 })
  const mei = await running.signIn('mei')
  const { token, session } = mei.authenticated
  clock.advance(4_000)
  expect(await mei.ask('auth.refresh', { rotate: false })).toEqual({
    token,
    session,
    expiresAt: clock.wall() + 5_000,
    refreshAt: clock.wall() + 2_500,
  })
  clock.advance(4_000)
  await mei.settle()
  const next = await running.connect()
  expect((await next.authenticate('auth.token', { token })).user.name).toBe('mei')
})

test('[AUTH-9] with rotate the token before works until the new one was used, and never again', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token: first, session } = mei.authenticated
  const { token: second } = await mei.ask('auth.refresh', { rotate: true })
  expect(second).not.toBe(first)
  const use = async (token: string) => (await running.connect()).request('auth.token', { token })
  for (let count = 0; count < 2; count++) {
    expect(await use(first)).toMatchObject({ data: { token: first, session } })
  }
  expect(await use(second)).toMatchObject({ data: { token: second, session } })
  expect(await use(first)).toMatchObject({ error: { code: 'unauthenticated' } })
  expect(await use(second)).toMatchObject({ data: { session } })
})

test('[AUTH-10] auth.sessions lists the caller’s own, with labels, the current one and open connections', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock })
  const mei = await running.signIn('mei')
  await running.signIn('li')
  clock.advance(1_000)
  const phone = await running.connect()
  const { session, token } = await phone.authenticate('auth.login', {
    name: 'mei',
    password: PASSWORD,
    label: 'Firefox on Android',
  })
  await (await running.connect()).authenticate('auth.token', { token })
  const times = { usedAt: clock.wall(), createdAt: clock.wall(), expiresAt: clock.wall() + LIMITS.sessionMs }
  expect(await phone.ask('auth.sessions', {})).toEqual({
    sessions: [
      { id: session, label: 'Firefox on Android', ...times, current: true, connections: 2 },
      {
        id: mei.authenticated.session,
        createdAt: times.createdAt - 1_000,
        usedAt: times.usedAt - 1_000,
        expiresAt: times.expiresAt - 1_000,
        current: false,
        connections: 1,
      },
    ],
  })
})

test('[AUTH-10] auth.revoke ends a session of the caller’s with all its connections, and nobody else’s', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const phone = await running.connect()
  const { session, token } = await phone.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  const tab = await running.connect()
  await tab.authenticate('auth.token', { token })
  expect(await li.refusal('auth.revoke', { session })).toMatchObject({ code: 'not_found' })
  expect(await mei.ask('auth.revoke', { session })).toEqual({})
  expect([await phone.closed, await tab.closed]).toMatchObject([{ code: 4501 }, { code: 4501 }])
  expect(await (await running.connect()).refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect((await mei.ask('auth.sessions', {})).sessions).toHaveLength(1)
  expect(await mei.refusal('auth.revoke', { session })).toMatchObject({ code: 'not_found' })
})

test('[AUTH-10] a connection whose token is being looked up when its session is revoked does not get in', async () => {
  const held = heldStorage('find')
  await using running = await RunningServer.start({ storage: held.storage })
  const mei = await running.signIn('mei')
  const phone = await running.connect()
  const { session, token } = await phone.authenticate('auth.login', { name: 'mei', password: PASSWORD })
  const late = await running.connect()
  const posted = late.post('auth.token', { token })
  await held.waiting(1)
  await mei.ask('auth.revoke', { session })
  held.release()
  expect(await late.reply(posted)).toMatchObject({ error: { code: 'unauthenticated' } })
})

test('[AUTH-10] a log-in that did not become a connection leaves no session', async () => {
  await using running = await RunningServer.start({ connectionLimits: { perUser: 1 } })
  const mei = await running.signIn('mei')
  const second = await running.connect()
  const posted = [second.post('auth.login', { name: 'mei', password: PASSWORD }), second.post('channel.list')]
  const replies = await Promise.all(posted.map((id) => second.reply(id)))
  expect(replies).toMatchObject([{ error: { code: 'rate_limited' } }, { error: { code: 'unauthenticated' } }])
  expect((await mei.ask('auth.sessions', {})).sessions).toMatchObject([{ current: true }])
})

test('[AUTH-5] logging out in one tab ends the others of the same session, and their voice at once', async () => {
  await using running = await RunningServer.start()
  const li = await running.signIn('li')
  await enter(li)
  const mei = await running.signIn('mei')
  const tab = await running.connect()
  await tab.authenticate('auth.token', { token: mei.authenticated.token })
  const member = await enter(tab)
  expect(await mei.ask('auth.logout', {})).toEqual({})
  expect([await mei.closed, await tab.closed]).toMatchObject([{ code: 4501 }, { code: 4501 }])
  expect(await li.event('voice.left')).toEqual({ channel: 'lounge', member })
})

test('[AUTH-11] a user has 100 sessions: one more ends the one that was used least recently, with its connections', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock, rateLimits: 'off', connectionLimits: 'off' })
  const first = await running.signIn('mei')
  const log = async () => {
    clock.advance(10)
    const client = await running.connect()
    await client.authenticate('auth.login', { name: 'mei', password: PASSWORD })
    return client
  }
  const second = await log()
  for (let count = 2; count < LIMITS.sessions; count++) await (await log())[Symbol.asyncDispose]()
  expect((await second.ask('auth.sessions', {})).sessions).toHaveLength(LIMITS.sessions)
  await log()
  expect((await second.ask('auth.sessions', {})).sessions).toHaveLength(LIMITS.sessions)
  const { token } = first.authenticated
  expect(await (await running.connect()).refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect(await first.closed).toMatchObject({ code: 4501 })
}, 60_000)

test('[AUTH-8] what has expired is forgotten within the hour', async () => {
  const clock = new ManualClock()
  const storage = memoryStorage()
  await using running = await RunningServer.start({ clock, storage, sessionLifetimeMs: 5_000 })
  const mei = await running.signIn('mei')
  const { user } = mei.authenticated
  clock.advance(5_000)
  await mei.closed
  expect(await storage.sessions.byUser(user.id, 0)).toHaveLength(1)
  clock.sleep(3_600_000)
  expect(await storage.sessions.byUser(user.id, 0)).toEqual([])
})
