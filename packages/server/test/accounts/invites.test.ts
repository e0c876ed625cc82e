import { ManualClock } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { idOf, outcome } from '../owned-server.ts'
import { startCrew } from '../roles/crew.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const DAY_MS = 86_400_000

test('[INV-1] invite.create gives a code, for one account and seven days unless told', async () => {
  const clock = new ManualClock()
  await using crew = await startCrew({ clock })
  const { owner, moderator } = crew
  const now = clock.wall()
  const first = await moderator.ask('invite.create', {})
  const by = { id: idOf(moderator), name: 'mod' }
  const { id } = first.invite
  expect(first.invite).toEqual({ id, role: 'member', by, createdAt: now, expiresAt: now + 7 * DAY_MS, uses: 1 })
  clock.setWall(1)
  const second = await owner.ask('invite.create', { role: 'moderator', uses: 5, expiresInMs: DAY_MS })
  expect(await moderator.ask('invite.list', {})).toEqual({ invites: [second.invite, first.invite] })
  await owner.ask('invite.delete', { invite: first.invite.id })
  expect(await outcome(owner, 'invite.delete', { invite: first.invite.id })).toBe('not_found')
  expect(await owner.ask('invite.list', {})).toEqual({ invites: [second.invite] })
  clock.setWall(DAY_MS)
  expect(await owner.ask('invite.list', {})).toEqual({ invites: [] })
  const login = { name: 'late', password: PASSWORD }
  const stranger = await crew.running.connect()
  for (const { code } of [first, second]) {
    expect(await outcome(stranger, 'auth.register', { ...login, invite: code })).toBe('registration_closed')
  }
})

test('[INV-1] nobody invites to what stands as high as they do, or without the permission', async () => {
  await using crew = await startCrew()
  const { owner, moderator, member } = crew
  for (const [type, data] of [
    ['invite.create', { role: 'guest' }],
    ['invite.list', {}],
    ['invite.delete', { invite: 'x' }],
  ] as const) {
    expect([type, await outcome(member, type, data)]).toEqual([type, 'forbidden'])
  }
  expect(await outcome(moderator, 'invite.create', { role: 'moderator' })).toBe('forbidden')
  expect(await outcome(moderator, 'invite.create', { role: 'admin' })).toBe('forbidden')
  expect(await outcome(owner, 'invite.create', { role: 'owner' })).toBe('forbidden')
  const strange = { name: 'strange', rank: 2, permissions: ['manageServer' as const] }
  const { role } = await owner.ask('role.create', strange)
  expect(await outcome(moderator, 'invite.create', { role: role.id })).toBe('forbidden')
  expect(await outcome(owner, 'invite.create', { role: 'nobody' })).toBe('not_found')
})

test('[INV-1] a server has 1,000 invites at most', async () => {
  await using crew = await startCrew({ rateLimits: 'off' })
  const outcomes: string[] = []
  for (let at = 0; at < 10; at++) {
    outcomes.push(...(await Promise.all(Array.from({ length: 101 }, () => outcome(crew.owner, 'invite.create', {})))))
  }
  expect(outcomes.filter((one) => one === 'ok')).toHaveLength(1_000)
  expect(outcomes.filter((one) => one === 'conflict')).toHaveLength(10)
})

test('[INV-2] where registration is by invite, a code is needed, however it is typed, and gives its role', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let code = ''
  {
    await using crew = await startCrew({ storage: sqliteStorage({ file }) })
    code = (await crew.owner.ask('invite.create', { role: 'moderator' })).code
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }), registration: 'invite' })
  const { registration } = running.server
  expect(registration).toBe('invite')
  const stranger = await running.connect()
  const li = { name: 'li', password: PASSWORD }
  expect(await outcome(stranger, 'auth.register', li)).toBe('registration_closed')
  expect(await outcome(stranger, 'auth.register', { ...li, invite: 'AAAA-BBBB' })).toBe('registration_closed')
  expect(await outcome(stranger, 'auth.register', { ...li, name: 'mei', invite: code })).toBe('conflict')
  const typed = ` ${code.toLowerCase().replaceAll('-', ' ')}`
  const { user } = await stranger.authenticate('auth.register', { ...li, invite: typed })
  expect(user.role).toBe('moderator')
  const late = await running.connect()
  expect(await outcome(late, 'auth.register', { ...li, name: 'wu', invite: code })).toBe('registration_closed')
})

test('[INV-2] of many who come at once no more than its uses succeed', async () => {
  await using crew = await startCrew({ rateLimits: 'off' })
  const { code } = await crew.owner.ask('invite.create', { uses: 3 })
  const strangers = await Promise.all(Array.from({ length: 8 }, () => crew.running.connect()))
  const outcomes = await Promise.all(
    strangers.map((one, at) => outcome(one, 'auth.register', { name: `new ${at}`, password: PASSWORD, invite: code })),
  )
  expect(outcomes.toSorted()).toEqual([...Array(3).fill('ok'), ...Array(5).fill('registration_closed')])
})
