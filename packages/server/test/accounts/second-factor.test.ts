import { CLOSE } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { again, idOf, outcome, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { startCrew } from '../roles/crew.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { Authenticator, factorServer, STEP_MS, withSecondFactor } from './authenticator.ts'

const ANOTHER = 'another long password'
const KEY = 'a key that is long enough for a test'
/** Long after 1970, and in the middle of a step. */
const NOW = 1_700_000_000_000 + STEP_MS / 2
const clockAt = (wall: number) => {
  const clock = new ManualClock()
  clock.setWall(wall)
  return clock
}

/** What a log-in is answered with. */
async function login(running: RunningServer, code?: string, password = PASSWORD): Promise<string> {
  const client = await running.connect()
  return outcome(client, 'auth.login', { name: 'mei', password, ...(code === undefined ? {} : { code }) })
}

test('[TOTP-1] nothing counts before a code was confirmed; then the account says so on all its connections', async () => {
  const clock = clockAt(NOW)
  await using running = await factorServer({ clock })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const other = await again(running, mei)
  expect(await outcome(mei, 'account.totp.confirm', { code: '123456' })).toBe('conflict')
  expect(await outcome(mei, 'account.totp.begin', { password: ANOTHER })).toBe('invalid_credentials')
  const first = await mei.ask('account.totp.begin', { password: PASSWORD })
  const { secret, uri } = await mei.ask('account.totp.begin', { password: PASSWORD })
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(uri).toBe(`otpauth://totp/Arclight:mei?issuer=Arclight&secret=${secret}&algorithm=SHA1&digits=6&period=30`)
  expect(await login(running)).toBe('ok')
  const app = new Authenticator(secret, clock)
  const replaced = new Authenticator(first.secret, clock)
  for (const code of [replaced.code(), 'K7QX-2M4P-9RTW-HD3E', '12345']) {
    expect(await outcome(mei, 'account.totp.confirm', { code }), code).toBe('second_factor')
  }
  expect(await login(running)).toBe('ok')
  const { recoveryCodes } = await mei.ask('account.totp.confirm', {
    code: `${app.code().slice(0, 3)} ${app.code().slice(3)}`,
  })
  expect(new Set(recoveryCodes).size).toBe(10)
  const user = { ...mei.authenticated.user, secondFactor: true }
  for (const client of [mei, other]) expect(await client.event('account.changed')).toEqual({ user })
  expect(await login(running)).toBe('second_factor')
  expect((await again(running, mei)).authenticated.user).toEqual(user)
  // Nobody else is told.
  expect((await li.ask('user.list', {})).users).toContainEqual(mei.authenticated.user)
  await quiet(li)
  expect(li.texts.takeAll().map(({ type }) => type)).not.toContain('account.changed')
  for (const [type, data] of [
    ['account.totp.begin', { password: PASSWORD }],
    ['account.totp.confirm', { code: app.code(1) }],
  ] as const) {
    expect(await outcome(mei, type, data)).toBe('conflict')
  }
})

test('[TOTP-1] a server without a key that lasts has no second factors', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  expect(await outcome(mei, 'account.totp.begin', { password: PASSWORD })).toBe('unavailable')
})

test('[TOTP-2] a log-in takes a code beside the password, which is judged first', async () => {
  const clock = clockAt(NOW)
  await using running = await factorServer({ clock })
  const mei = await running.signIn('mei')
  const { app } = await withSecondFactor(mei, clock)
  const wrong = String((Number(app.code()) + 1) % 1_000_000).padStart(6, '0')
  expect(await login(running)).toBe('second_factor')
  expect(await login(running, wrong)).toBe('second_factor')
  expect(await login(running, app.code(), 'wrong')).toBe('invalid_credentials')
  const late = await running.connect()
  const refusal = await late.refusal('auth.login', { name: 'mei', password: PASSWORD })
  expect(refusal).toMatchObject({ code: 'second_factor', retryable: false })
  expect(refusal.message).toMatch(/six digits.*recovery code/)
  // A wrong password has cost nobody the code, and a refusal not the connection.
  await late.authenticate('auth.login', { name: 'mei', password: PASSWORD, code: app.code() })
  expect(late.authenticated.user).toEqual({ ...mei.authenticated.user, secondFactor: true })
  // Tokens are as good as before.
  await again(running, mei)
})

test('[TOTP-2] attempts with a code are counted under the name, those of a session too', async () => {
  const clock = clockAt(NOW)
  const rateLimits = { account: { burst: 4, perSecond: 0.001 } }
  await using running = await factorServer({ clock, rateLimits })
  const mei = await running.signIn('mei')
  const { app } = await withSecondFactor(mei, clock)
  expect(await login(running)).toBe('second_factor')
  expect(await login(running, 'nothing')).toBe('second_factor')
  for (const type of ['account.totp.end', 'account.totp.recovery']) {
    expect(await outcome(mei, type, { password: PASSWORD, code: 'nothing' })).toBe('second_factor')
  }
  expect(await login(running, app.code())).toBe('rate_limited')
  expect(await outcome(mei, 'account.totp.end', { password: PASSWORD, code: app.code() })).toBe('rate_limited')
})

test('[TOTP-2] a code that resets the password takes the second factor too, and is not used up without', async () => {
  const clock = clockAt(NOW)
  await using crew = await startCrew({ clock, secretKey: KEY })
  const { running, admin, member } = crew
  const { app } = await withSecondFactor(member, clock)
  const { code } = await admin.ask('user.reset', { user: idOf(member) })
  const late = await running.connect()
  expect(await outcome(late, 'auth.reset', { code, password: ANOTHER })).toBe('second_factor')
  expect(await outcome(late, 'auth.reset', { code, password: ANOTHER, secondFactor: 'x' })).toBe('second_factor')
  expect(await outcome(member, 'channel.list', {})).toBe('ok')
  const { user } = await late.authenticate('auth.reset', { code, password: ANOTHER, secondFactor: app.code() })
  expect(user).toEqual({ ...member.authenticated.user, secondFactor: true })
  expect(await member.closed).toMatchObject({ code: CLOSE.revoked })
  expect(await outcome(await running.connect(), 'auth.login', { name: user.name, password: ANOTHER })).toBe(
    'second_factor',
  )
})

test('[TOTP-3] a code is good for its own step and the ones beside it, once, and none is behind it', async () => {
  const clock = clockAt(NOW)
  await using running = await factorServer({ clock })
  const mei = await running.signIn('mei')
  const { app } = await withSecondFactor(mei, clock)
  // The one that was confirmed.
  expect(await login(running, app.code(-1))).toBe('second_factor')
  expect(await login(running, app.code(-2))).toBe('second_factor')
  expect(await login(running, app.code(2))).toBe('second_factor')
  const code = app.code()
  const outcomes = await Promise.all([1, 2, 3].map(() => login(running, code)))
  expect(outcomes.toSorted()).toEqual(['ok', 'second_factor', 'second_factor'])
  expect(await login(running, app.code(1))).toBe('ok')
  expect(await login(running, app.code(1))).toBe('second_factor')
  clock.setWall(STEP_MS)
  // Right by the clock, and older than one that was taken.
  for (const steps of [0, -1]) expect(await login(running, app.code(steps))).toBe('second_factor')
  expect(await outcome(mei, 'account.totp.recovery', { password: PASSWORD, code: app.code(1) })).toBe('ok')
  expect(await login(running, app.code(1))).toBe('second_factor')
})

test('[TOTP-4] a recovery code is as good as the app’s, once; ten others end those before', async () => {
  const clock = clockAt(NOW)
  await using running = await factorServer({ clock })
  const mei = await running.signIn('mei')
  const { recoveryCodes } = await withSecondFactor(mei, clock)
  const [one = '', two = '', three = ''] = recoveryCodes
  const outcomes = await Promise.all([1, 2, 3].map(() => login(running, one.toLowerCase().replaceAll('-', ' '))))
  expect(outcomes.toSorted()).toEqual(['ok', 'second_factor', 'second_factor'])
  expect(await login(running, one, 'wrong')).toBe('invalid_credentials')
  const wrong = { password: 'wrong', code: two }
  expect(await outcome(mei, 'account.totp.recovery', wrong)).toBe('invalid_credentials')
  const others = await mei.ask('account.totp.recovery', { password: PASSWORD, code: two })
  expect(others.recoveryCodes).toHaveLength(10)
  expect(await login(running, three)).toBe('second_factor')
  expect(await login(running, others.recoveryCodes[0])).toBe('ok')
  expect(await outcome(await running.signIn('li'), 'account.totp.recovery', { password: PASSWORD, code: three })).toBe(
    'conflict',
  )
})

test('[TOTP-5] a second factor ends by password and code; an admin’s reset leaves it', async () => {
  const clock = clockAt(NOW)
  await using crew = await startCrew({ clock, secretKey: KEY })
  const { running, admin, member } = crew
  const { name } = member.authenticated.user
  const entering = async (client: RawClient, data: object) => outcome(client, 'auth.login', { name, ...data })
  const { app } = await withSecondFactor(member, clock)
  expect((await member.event('account.changed')).user.secondFactor).toBe(true)
  await admin.ask('user.reset', { user: idOf(member) })
  expect(await entering(await running.connect(), { password: PASSWORD })).toBe('second_factor')
  const code = app.code()
  expect(await outcome(member, 'account.totp.end', { password: ANOTHER, code })).toBe('invalid_credentials')
  expect(await outcome(member, 'account.totp.end', { password: PASSWORD, code: '0' })).toBe('second_factor')
  await member.ask('account.totp.end', { password: PASSWORD, code })
  expect(await member.event('account.changed')).toEqual({ user: member.authenticated.user })
  expect(await entering(await running.connect(), { password: PASSWORD })).toBe('ok')
  expect(await outcome(member, 'account.totp.end', { password: PASSWORD, code })).toBe('conflict')
  // From the beginning, with another secret.
  const { app: another } = await withSecondFactor(member, clock)
  expect(another.code()).not.toBe(app.code())
})

test('[TOTP-2] a second factor outlives the server, and is made of its key: no store has the secret', async () => {
  await using folder = await temporaryFolder()
  const clock = clockAt(NOW)
  const start = (secretKey: string) =>
    factorServer({ clock, secretKey, storage: sqliteStorage({ file: folder.file('arclight.db') }) })
  let given: Awaited<ReturnType<typeof withSecondFactor>> | undefined
  {
    await using running = await start(KEY)
    given = await withSecondFactor(await running.signIn('mei'), clock)
  }
  const { app, recoveryCodes } = given
  {
    await using running = await start('another key that is long enough for it')
    expect(await login(running, app.code())).toBe('second_factor')
    expect(await login(running, recoveryCodes[0])).toBe('ok')
  }
  await using running = await start(KEY)
  expect(await login(running, recoveryCodes[0])).toBe('second_factor')
  expect(await login(running, app.code())).toBe('ok')
})

test('[TOTP-2] no password, code or secret reaches a hook', async () => {
  const clock = clockAt(NOW)
  await using running = await factorServer({ clock })
  const seen: string[] = []
  running.server.use((request, next) => {
    seen.push(request.type)
    return next()
  })
  const mei = await running.signIn('mei')
  const { app } = await withSecondFactor(mei, clock)
  await mei.ask('account.totp.recovery', { password: PASSWORD, code: app.code() })
  await mei.ask('account.totp.end', { password: PASSWORD, code: app.code(1) })
  await mei.ask('account.password', { password: PASSWORD, newPassword: ANOTHER })
  await mei.ask('channel.list', {})
  expect(seen).toEqual(['channel.list'])
})
