import { CLOSE } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { again, idOf, outcome } from '../owned-server.ts'
import { startCrew } from '../roles/crew.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const login = { name: 'mei', password: PASSWORD }

test('[MOD-1] user.kick ends all sessions of a user, who may log in again', async () => {
  await using crew = await startCrew()
  const { running, moderator, member } = crew
  const other = await again(running, member)
  await moderator.ask('user.kick', { user: idOf(member), reason: 'too loud' })
  for (const client of [member, other]) expect(await client.closed).toMatchObject({ code: CLOSE.revoked })
  const late = await running.connect()
  const { token } = member.authenticated
  expect(await outcome(late, 'auth.token', { token })).toBe('unauthenticated')
  expect(await outcome(late, 'auth.login', login)).toBe('ok')
})

test('[MOD-1] nobody kicks or bans whoever stands as high as they do, or without the permission', async () => {
  await using crew = await startCrew()
  const { owner, admin, moderator, member } = crew
  const guest = await crew.running.signIn('li')
  await owner.ask('role.give', { user: idOf(guest), role: 'guest' })
  for (const type of ['user.kick', 'user.ban']) {
    expect([type, await outcome(member, type, { user: idOf(guest) })]).toEqual([type, 'forbidden'])
    for (const client of [owner, admin, moderator]) {
      expect([type, await outcome(moderator, type, { user: idOf(client) })]).toEqual([type, 'forbidden'])
    }
    expect([type, await outcome(moderator, type, { user: 'nobody' })]).toEqual([type, 'not_found'])
  }
  expect(await outcome(admin, 'user.ban', { user: idOf(owner) })).toBe('forbidden')
})

test('[MOD-2] a ban closes with 4503, and nobody logs in until it has ended', async () => {
  const clock = new ManualClock()
  await using crew = await startCrew({ clock })
  const { running, moderator, member } = crew
  const { token, user } = member.authenticated
  const other = await again(running, member)
  const until = clock.wall() + 60_000
  await moderator.ask('user.ban', { user: user.id, reason: 'spam', until })
  for (const client of [member, other]) expect(await client.closed).toMatchObject({ code: CLOSE.banned })
  const late = await running.connect()
  expect(await outcome(late, 'auth.token', { token })).toBe('unauthenticated')
  expect(await outcome(late, 'auth.login', { ...login, password: 'something else' })).toBe('invalid_credentials')
  const refusal = await late.refusal('auth.login', login)
  expect(refusal).toMatchObject({ code: 'banned', retryable: false })
  expect(refusal.message).toContain(`until ${new Date(until).toISOString()}: spam`)
  const by = { id: idOf(moderator), name: 'mod' }
  expect(await moderator.ask('ban.list', {})).toEqual({
    bans: [{ user: { id: user.id, name: 'mei' }, by, at: clock.wall(), reason: 'spam', until }],
  })
  clock.setWall(60_000)
  expect(await moderator.ask('ban.list', {})).toEqual({ bans: [] })
  expect(await outcome(late, 'auth.login', login)).toBe('ok')
})

test('[MOD-2] a ban without an end lasts through a restart, until it is taken back', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let [token, user] = ['', '']
  {
    await using crew = await startCrew({ storage: sqliteStorage({ file }) })
    user = idOf(crew.member)
    await crew.owner.ask('user.ban', { user })
    token = crew.owner.authenticated.token
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const owner = await running.withToken(token)
  const stranger = await running.connect()
  expect(await outcome(stranger, 'auth.login', login)).toBe('banned')
  await owner.ask('user.unban', { user })
  expect(await outcome(owner, 'user.unban', { user })).toBe('not_found')
  expect(await outcome(stranger, 'auth.login', login)).toBe('ok')
})

test('[MOD-2] an end that has gone by is refused', async () => {
  await using crew = await startCrew()
  const { owner, member } = crew
  expect(await outcome(owner, 'user.ban', { user: idOf(member), until: 1 })).toBe('bad_request')
  expect(await outcome(member, 'channel.list', {})).toBe('ok')
})

test('[MOD-4] an admin sees and ends the sessions of others', async () => {
  await using crew = await startCrew()
  const { running, admin, member } = crew
  const user = idOf(member)
  const second = await running.connect()
  const { session } = await second.authenticate('auth.login', { ...login, label: 'a phone' })
  const { sessions } = await admin.ask('user.sessions', { user })
  expect(sessions).toHaveLength(2)
  expect(sessions).toContainEqual(
    expect.objectContaining({ id: session, label: 'a phone', current: false, connections: 1 }),
  )
  expect(JSON.stringify(sessions)).not.toContain(second.authenticated.token)
  await admin.ask('user.revoke', { user, session })
  expect(await second.closed).toMatchObject({ code: CLOSE.revoked })
  expect(await outcome(admin, 'user.revoke', { user, session })).toBe('not_found')
  expect(await outcome(admin, 'user.revoke', { user, session: admin.authenticated.session })).toBe('not_found')
  expect((await admin.ask('user.sessions', { user })).sessions).toHaveLength(1)
  await admin.ask('user.revoke', { user })
  expect(await member.closed).toMatchObject({ code: CLOSE.revoked })
  expect(await admin.ask('user.sessions', { user })).toEqual({ sessions: [] })
  expect(await outcome(await running.connect(), 'auth.login', login)).toBe('ok')
})

test('[MOD-4] it takes manageServer, and nobody does it to whoever stands as high', async () => {
  await using crew = await startCrew()
  const { owner, admin, moderator, member } = crew
  for (const type of ['user.sessions', 'user.revoke']) {
    expect([type, await outcome(moderator, type, { user: idOf(member) })]).toEqual([type, 'forbidden'])
    for (const client of [owner, admin]) {
      expect([type, await outcome(admin, type, { user: idOf(client) })]).toEqual([type, 'forbidden'])
    }
    expect([type, await outcome(admin, type, { user: 'nobody' })]).toEqual([type, 'not_found'])
  }
})

test('[AUDIT-1] whose sessions were ended is recorded', async () => {
  await using crew = await startCrew()
  const { admin, member } = crew
  await admin.ask('user.revoke', { user: idOf(member) })
  const { entries } = await admin.ask('audit.list', { limit: 1 })
  expect(entries).toMatchObject([{ action: 'user.revoke', target: idOf(member), by: { name: 'ann' } }])
})

test('[AUDIT-1] what was done by permissions is recorded, the newest first, in pages', async () => {
  const clock = new ManualClock()
  await using crew = await startCrew({ clock })
  const { owner, moderator, member } = crew
  const mei = idOf(member)
  clock.setWall(1_000)
  await moderator.ask('user.kick', { user: mei, reason: 'too loud' })
  clock.setWall(1_000)
  await owner.ask('permit.set', { channel: 'general', role: 'member', allow: [], deny: ['send'] })
  const { entries } = await moderator.ask('audit.list', {})
  expect(entries.map(({ by, action, target, detail }) => [by.name, action, target, detail]).slice(0, 2)).toEqual([
    ['owner', 'permit.set', 'general', { role: 'member', allow: [], deny: ['send'] }],
    ['mod', 'user.kick', mei, { reason: 'too loud' }],
  ])
  expect(entries.slice(2).map(({ action, detail }) => [action, detail])).toEqual(
    expect.arrayContaining([
      ['role.give', { role: 'admin' }],
      ['role.give', { role: 'moderator' }],
    ]),
  )
  const first = await moderator.ask('audit.list', { limit: 1 })
  expect(first).toEqual({ entries: entries.slice(0, 1), hasMore: true })
  const before = entries[0]?.id
  expect(await moderator.ask('audit.list', { before, limit: 3 })).toEqual({ entries: entries.slice(1), hasMore: false })
})
