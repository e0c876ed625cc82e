import { CLOSE, LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { again, idOf, outcome } from '../owned-server.ts'
import { startCrew } from '../roles/crew.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'

const ANOTHER = 'another long password'
const login = (password: string) => ({ name: 'mei', password })

test('[AUTH-12] account.password changes the password, and the other sessions end', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const same = await again(running, mei)
  const elsewhere = await running.connect()
  await elsewhere.authenticate('auth.login', login(PASSWORD))
  const { token } = elsewhere.authenticated
  await mei.ask('account.password', { password: PASSWORD, newPassword: ANOTHER })
  expect(await elsewhere.closed).toMatchObject({ code: CLOSE.revoked })
  for (const client of [mei, same]) expect(await outcome(client, 'channel.list', {})).toBe('ok')
  const late = await running.connect()
  expect(await outcome(late, 'auth.token', { token })).toBe('unauthenticated')
  expect(await outcome(late, 'auth.login', login(PASSWORD))).toBe('invalid_credentials')
  expect(await outcome(late, 'auth.login', login(ANOTHER))).toBe('ok')
})

test('[AUTH-12] with a wrong password nothing changes', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const elsewhere = await running.connect()
  await elsewhere.authenticate('auth.login', login(PASSWORD))
  const refusal = await mei.refusal('account.password', { password: 'wrong', newPassword: ANOTHER })
  expect(refusal).toMatchObject({ code: 'invalid_credentials' })
  expect(await outcome(mei, 'account.password', { password: PASSWORD, newPassword: 'short' })).toBe('bad_request')
  expect(await outcome(elsewhere, 'channel.list', {})).toBe('ok')
  const late = await running.connect()
  expect(await outcome(late, 'auth.login', login(PASSWORD))).toBe('ok')
})

test('[AUTH-13] a code sets another password, once, and ends all sessions before', async () => {
  await using crew = await startCrew()
  const { running, admin, member } = crew
  const first = await admin.ask('user.reset', { user: idOf(member) })
  const { code } = await admin.ask('user.reset', { user: idOf(member) })
  const late = await running.connect()
  expect(await outcome(late, 'auth.reset', { code: first.code, password: ANOTHER })).toBe('invalid_credentials')
  expect(await outcome(member, 'channel.list', {})).toBe('ok')
  const { user } = await late.authenticate('auth.reset', { code: code.toLowerCase(), password: ANOTHER })
  expect(user).toEqual(member.authenticated.user)
  expect(await member.closed).toMatchObject({ code: CLOSE.revoked })
  expect(await outcome(late, 'channel.list', {})).toBe('ok')
  const later = await running.connect()
  expect(await outcome(later, 'auth.reset', { code, password: PASSWORD })).toBe('invalid_credentials')
  expect(await outcome(later, 'auth.login', login(PASSWORD))).toBe('invalid_credentials')
  expect(await outcome(later, 'auth.login', login(ANOTHER))).toBe('ok')
})

test('[AUTH-13] a code is good for 24 hours, and only for whom its maker rules over', async () => {
  const clock = new ManualClock()
  await using crew = await startCrew({ clock })
  const { running, owner, admin, moderator, member } = crew
  expect(await outcome(moderator, 'user.reset', { user: idOf(member) })).toBe('forbidden')
  expect(await outcome(admin, 'user.reset', { user: idOf(owner) })).toBe('forbidden')
  expect(await outcome(admin, 'user.reset', { user: 'nobody' })).toBe('not_found')
  const { bot } = await owner.ask('bot.create', { name: 'weather' })
  expect(await outcome(owner, 'user.reset', { user: bot.id })).toBe('conflict')
  const { code, expiresAt } = await owner.ask('user.reset', { user: idOf(admin) })
  expect(expiresAt).toBe(clock.wall() + LIMITS.resetMs)
  clock.setWall(LIMITS.resetMs)
  const late = await running.connect()
  expect(await outcome(late, 'auth.reset', { code, password: ANOTHER })).toBe('invalid_credentials')
})

test('[AUTH-14] attempts under one name are counted, whatever the address and whether there is such a user', async () => {
  await using running = await RunningServer.start({ rateLimits: { account: { burst: 3, perSecond: 0.1 } } })
  const mei = await running.signIn('mei')
  for (const [name, same] of [
    ['mei', 'MEI'],
    ['nobody', 'nobody'],
  ] as const) {
    const stranger = await running.connect()
    for (let at = 0; at < 3; at++) {
      expect(await outcome(stranger, 'auth.login', { name, password: 'wrong' })).toBe('invalid_credentials')
    }
    const refusal = await stranger.refusal('auth.login', { name: same, password: PASSWORD })
    expect(refusal).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) })
  }
  expect(await outcome(await running.connect(), 'auth.token', { token: mei.authenticated.token })).toBe('ok')
})
