import { LIMITS, RATES } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { idOf, outcome, ownedServer, startOwned } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { enter as enterVoice } from '../voice.ts'

const DAY_MS = 86_400_000

async function enter(running: RunningServer, data: { name?: string; label?: string } = {}): Promise<RawClient> {
  const client = await running.connect()
  await client.authenticate('auth.guest', data)
  return client
}

const names = async (client: RawClient) => (await client.ask('user.list', {})).users.map(({ name }) => name)

test('[AUTH-15] a guest has a name that is free, the role guest and no password', async () => {
  await using running = await RunningServer.start({ guests: true })
  const named = await enter(running, { name: 'mei', label: 'a browser' })
  expect(named.authenticated.user).toEqual({ id: expect.any(String), name: 'mei', role: 'guest', guest: true })
  const other = await enter(running, { name: 'MEI' })
  const nameless = await enter(running)
  for (const { authenticated } of [other, nameless]) expect(authenticated.user.name).toMatch(/^guest-[a-z2-9]{6}$/)
  expect((await named.ask('auth.sessions', {})).sessions).toMatchObject([{ label: 'a browser' }])
  expect(await outcome(named, 'direct.open', { users: [idOf(other)] })).toBe('forbidden')
  const [message] = await say(named, ['hello'])
  expect(message?.author).toEqual({ id: idOf(named), name: 'mei' })
  const stranger = await running.connect()
  for (const password of ['', PASSWORD]) {
    expect(await outcome(stranger, 'auth.login', { name: 'mei', password })).toBe('invalid_credentials')
  }
  expect(await outcome(named, 'account.password', { password: '', newPassword: PASSWORD })).toBe('invalid_credentials')
})

test('[AUTH-15] nobody comes in where the operator takes no guests, or before the owner', async () => {
  await using closed = await RunningServer.start()
  const stranger = await closed.connect()
  expect(await stranger.refusal('auth.guest', {})).toMatchObject({ code: 'unknown_type' })
  await using owned = await startOwned({ guests: true })
  expect(await outcome(await owned.connect(), 'auth.guest', {})).toBe('registration_closed')
})

test('[AUTH-15] the greeting says whether guests are taken', async () => {
  for (const guests of [true, false]) {
    await using running = await RunningServer.start({ guests })
    const client = await running.connect()
    const [hello] = client.received
    expect(JSON.stringify(hello).includes('"guests"')).toBe(guests)
  }
})

test('[AUTH-15] a guest’s session lasts a day without use, and ends with it', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ guests: true, clock })
  const guest = await enter(running, { name: 'mei' })
  const { token, expiresAt, refreshAt } = guest.authenticated
  expect([expiresAt - clock.wall(), refreshAt - clock.wall()]).toEqual([DAY_MS, DAY_MS / 2])
  clock.setWall(clock.wall() + DAY_MS / 2)
  const refreshed = await guest.ask('auth.refresh', { rotate: false })
  expect(refreshed.expiresAt - clock.wall()).toBe(DAY_MS)
  clock.setWall(clock.wall() + DAY_MS)
  expect(await outcome(await running.connect(), 'auth.token', { token })).toBe('unauthenticated')
})

test('[AUTH-15] a guest who is called otherwise is a guest all the same', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ guests: true, clock })
  const guest = await enter(running)
  await guest.ask('user.update', { displayName: 'Mei' })
  const { expiresAt } = await guest.ask('auth.refresh', { rotate: false })
  expect(expiresAt - clock.wall()).toBe(DAY_MS)
})

test('[AUTH-15] a guest without a session ends: the name is free, what they wrote stays', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ guests: true, clock })
  const mei = await running.signIn('mei')
  const [gone, here] = [await enter(running, { name: 'li' }), await enter(running, { name: 'zoe' })]
  await say(gone, ['I was here'])
  await mei.ask('user.block', { user: idOf(gone), on: true })
  await gone.ask('auth.logout', {})
  await gone.closed
  expect(await names(mei)).toEqual(['li', 'mei', 'zoe'])
  clock.advance(3_600_000 + 1_000)
  // Nobody has answered a probe for an hour.
  const back = await running.withToken(mei.authenticated.token)
  await expect.poll(() => names(back)).toEqual(['mei', 'zoe'])
  const { messages } = await back.ask('history.page', { channel: 'general' })
  expect(messages.map(({ author, text }) => [author, text])).toEqual([
    [{ id: idOf(gone), name: 'guest' }, 'I was here'],
  ])
  expect(await back.ask('user.blocks', {})).toEqual({ users: [] })
  expect((await enter(running, { name: 'li' })).authenticated.user.name).toBe('li')
  const again = await running.withToken(here.authenticated.token)
  expect(again.authenticated.user.name).toBe('zoe')
})

test('[AUTH-15] guests are counted by address, at a rate of their own', async () => {
  const clock = new ManualClock()
  await using running = await RunningServer.start({ guests: true, clock, connectionLimits: 'off' })
  const { burst } = RATES['auth.guest']
  for (let at = 0; at < burst; at++) await enter(running)
  expect(await outcome(await running.connect(), 'auth.guest', {})).toBe('rate_limited')
  expect(await outcome(await running.connect(), 'auth.register', { name: 'mei', password: PASSWORD })).toBe('ok')
  expect(LIMITS.guestSessionMs).toBe(DAY_MS)
})

test('[AUTH-16] a guest who takes a password keeps their id and what they wrote, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let id = ''
  {
    await using running = await RunningServer.start({ guests: true, storage: sqliteStorage({ file }) })
    const mei = await running.signIn('mei')
    const guest = await enter(running)
    id = idOf(guest)
    await enterVoice(mei)
    await enterVoice(guest)
    await say(guest, ['before'])
    const claim = (data: object) => outcome(guest, 'account.claim', { name: 'li', password: PASSWORD, ...data })
    expect(await claim({ name: 'Mei' })).toBe('conflict')
    const { user } = await guest.ask('account.claim', { name: 'li', password: PASSWORD })
    expect(user).toEqual({ id, name: 'li', role: 'member' })
    expect(await mei.event('user.changed')).toEqual({ user: { id, name: 'li' } })
    expect(await guest.event('account.changed')).toEqual({ user })
    await mei.event('voice.changed', ({ member }) => member.user.name === 'li')
    expect(await claim({ name: 'zoe' })).toBe('conflict')
    expect(await outcome(mei, 'account.claim', { name: 'zoe', password: PASSWORD })).toBe('conflict')
    const [message] = await say(guest, ['after'])
    expect(message?.author).toEqual({ id, name: 'li' })
    expect(await outcome(guest, 'direct.open', { users: [idOf(mei)] })).toBe('ok')
    const { expiresAt } = await guest.ask('auth.refresh', { rotate: false })
    expect(expiresAt - Date.now()).toBeGreaterThan(2 * DAY_MS)
  }
  await using running = await RunningServer.start({ guests: true, storage: sqliteStorage({ file }) })
  const li = await running.connect()
  const { user } = await li.authenticate('auth.login', { name: 'li', password: PASSWORD })
  expect(user).toEqual({ id, name: 'li', role: 'member' })
  const { messages } = await li.ask('history.page', { channel: 'general' })
  expect(messages.map(({ author }) => author)).toEqual([
    { id, name: 'li' },
    { id, name: 'li' },
  ])
})

test('[AUTH-16] who may register may claim: by invite, or not at all', async () => {
  const { running, owner } = await ownedServer({ guests: true, registration: 'invite' })
  await using _ = running
  const guest = await enter(running)
  const claim = (data: object) => outcome(guest, 'account.claim', { name: 'li', password: PASSWORD, ...data })
  expect(await claim({})).toBe('registration_closed')
  expect(await claim({ invite: 'WRONG' })).toBe('registration_closed')
  const { code } = await owner.ask('invite.create', { role: 'moderator' })
  expect(await claim({ invite: code, name: 'owner' })).toBe('conflict')
  const { user } = await guest.ask('account.claim', { name: 'li', password: PASSWORD, invite: code })
  expect(user).toMatchObject({ name: 'li', role: 'moderator' })
  await using none = await RunningServer.start({ guests: true, registration: 'closed' })
  const other = await enter(none)
  expect(await outcome(other, 'account.claim', { name: 'li', password: PASSWORD })).toBe('registration_closed')
})

test('[AUTH-16] a guest who was given another role keeps it, and gets no reset', async () => {
  const { running, owner } = await ownedServer({ guests: true })
  await using _ = running
  const guest = await enter(running)
  await owner.ask('role.give', { user: idOf(guest), role: 'moderator' })
  expect(await outcome(owner, 'user.reset', { user: idOf(guest) })).toBe('conflict')
  const { user } = await guest.ask('account.claim', { name: 'li', password: PASSWORD })
  expect(user.role).toBe('moderator')
  expect(await outcome(owner, 'user.reset', { user: idOf(guest) })).toBe('ok')
})
