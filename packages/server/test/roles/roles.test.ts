import { LIMITS, PERMISSIONS, type RequestData } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { again, channelEvents, idOf, outcome, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startCrew } from './crew.ts'

const READER: RequestData<'role.create'> = { name: 'reader', rank: 50, permissions: ['read'] }

async function makeRole(by: RawClient, role: Partial<RequestData<'role.create'>> = {}): Promise<string> {
  return (await by.ask('role.create', { ...READER, ...role })).role.id
}

test('[ROLE-1] every server has five roles, the highest first, and a user has one', async () => {
  await using crew = await startCrew()
  const { roles } = await crew.member.ask('role.list', {})
  expect(roles.map(({ id, rank, builtIn }) => [id, rank, builtIn])).toEqual([
    ['owner', 1_000, true],
    ['admin', 900, true],
    ['moderator', 500, true],
    ['member', 100, true],
    ['guest', 1, true],
  ])
  expect(roles[0]?.permissions).toEqual(PERMISSIONS)
  expect(roles[3]?.permissions).toEqual(['read', 'send', 'attach', 'react', 'talk', 'record', 'direct'])
  const { users } = await crew.member.ask('user.list', {})
  expect(users.map(({ name, role }) => [name, role])).toEqual([
    ['ann', 'admin'],
    ['mei', 'member'],
    ['mod', 'moderator'],
    ['owner', 'owner'],
  ])
})

test('[ROLE-1][ROLE-2] who lacks a permission is refused with forbidden, and who has it is not', async () => {
  await using crew = await startCrew({ rateLimits: 'off' })
  const { owner, admin, member } = crew
  const user = idOf(crew.moderator)
  const requests = [
    ['channel.create', { kind: 'text', name: 'garden' }],
    ['bot.list', {}],
    ['webhook.list', {}],
    ['ban.list', {}],
    ['audit.list', {}],
    ['role.create', { name: 'x', rank: 1, permissions: [] }],
    ['role.give', { user, role: 'member' }],
    ['permit.list', { channel: 'general' }],
    ['channel.update', { channel: 'general', topic: 'tea' }],
  ] as const
  for (const [type, data] of requests) {
    expect([type, await outcome(member, type, data)]).toEqual([type, 'forbidden'])
    expect([type, await outcome(admin, type, data)]).toEqual([type, 'ok'])
  }
  const nothing = await makeRole(owner, { name: 'nothing', permissions: [] })
  await owner.ask('role.give', { user: idOf(member), role: nothing })
  expect(await outcome(member, 'direct.open', { users: [user] })).toBe('forbidden')
  expect(await outcome(member, 'recording.start', { title: 'x' })).toBe('forbidden')
  expect(await outcome(member, 'message.send', { channel: 'general', clientId: 'x', text: 'x' })).toBe('not_found')
})

test('[ROLE-1] what a role allows in channels is what its users may there', async () => {
  await using crew = await startCrew()
  const { owner, member } = crew
  await member.ask('channel.join', { channel: 'general' })
  const reader = await makeRole(owner)
  await owner.ask('role.give', { user: idOf(member), role: reader })
  const seq = 1
  await owner.ask('message.send', { channel: 'general', clientId: 'x', text: 'x' })
  const at = { channel: 'general', seq }
  expect(await outcome(member, 'history.page', { channel: 'general' })).toBe('ok')
  expect(await outcome(member, 'message.send', { channel: 'general', clientId: 'y', text: 'y' })).toBe('forbidden')
  expect(await outcome(member, 'message.react', { ...at, emoji: '👍', on: true })).toBe('forbidden')
  expect(await outcome(member, 'message.delete', at)).toBe('forbidden')
  expect(await outcome(member, 'typing.set', { channel: 'general', typing: true })).toBe('forbidden')
  const voice = { channel: 'lounge', device: 'd', muted: false, deafened: false }
  expect(await outcome(member, 'voice.join', voice)).toBe('forbidden')
  await owner.ask('role.update', { role: reader, permissions: ['read', 'react', 'moderate', 'send', 'talk'] })
  expect(await outcome(member, 'message.react', { ...at, emoji: '👍', on: true })).toBe('ok')
  expect(await outcome(member, 'message.delete', at)).toBe('ok')
  expect(await outcome(member, 'voice.join', voice)).toBe('ok')
})

test('[ROLE-2] nobody touches what stands as high as they do, or gives what they do not have', async () => {
  await using crew = await startCrew({ rateLimits: 'off' })
  const { owner, admin, moderator, member } = crew
  const manager = await makeRole(owner, { name: 'manager', rank: 400, permissions: ['read', 'manageRoles', 'pin'] })
  await owner.ask('role.give', { user: idOf(member), role: manager })
  const low = await makeRole(member, { name: 'low' })
  const forbidden = [
    ['role.create', { name: 'a', rank: 400, permissions: [] }],
    ['role.create', { name: 'b', rank: 399, permissions: ['send'] }],
    ['role.update', { role: manager, name: 'c' }],
    ['role.update', { role: 'moderator', name: 'c' }],
    ['role.update', { role: low, rank: 400 }],
    ['role.update', { role: low, permissions: ['ban'] }],
    ['role.delete', { role: manager }],
    ['role.give', { user: idOf(member), role: low }],
    ['role.give', { user: idOf(moderator), role: low }],
    ['role.give', { user: idOf(owner), role: low }],
    ['role.give', { user: idOf(admin), role: low }],
    ['role.give', { user: idOf(member), role: 'owner' }],
    // A member may send; whoever gives that has to have it.
    ['role.give', { user: idOf(member), role: 'member' }],
  ] as const
  for (const [type, data] of forbidden) {
    expect([type, data, await outcome(member, type, data)]).toEqual([type, data, 'forbidden'])
  }
  expect(await outcome(member, 'role.update', { role: low, name: 'lower', rank: 1, permissions: ['pin'] })).toBe('ok')
  for (const by of [owner, admin]) {
    expect(await outcome(by, 'role.update', { role: 'owner', name: 'x' })).toBe('forbidden')
    expect(await outcome(by, 'role.give', { user: idOf(owner), role: 'member' })).toBe('forbidden')
  }
  expect(await outcome(owner, 'role.give', { user: idOf(admin), role: 'owner' })).toBe('forbidden')
})

test('[ROLE-2] names are unique, built-in roles stay, a server has 100, and what is not there is not found', async () => {
  await using crew = await startCrew({ rateLimits: 'off' })
  const { owner } = crew
  const role = await makeRole(owner)
  expect(await outcome(owner, 'role.create', { ...READER })).toBe('conflict')
  expect(await outcome(owner, 'role.update', { role, name: 'member' })).toBe('conflict')
  expect(await outcome(owner, 'role.update', { role, name: 'reader' })).toBe('ok')
  expect(await outcome(owner, 'role.delete', { role: 'guest' })).toBe('conflict')
  expect(await outcome(owner, 'role.delete', { role: 'nobody' })).toBe('not_found')
  expect(await outcome(owner, 'role.update', { role: 'nobody', name: 'x' })).toBe('not_found')
  expect(await outcome(owner, 'role.give', { user: idOf(crew.member), role: 'nobody' })).toBe('not_found')
  expect(await outcome(owner, 'role.give', { user: 'nobody', role })).toBe('not_found')
  const more = LIMITS.roles - 6
  const outcomes = await Promise.all(
    Array.from({ length: more + 2 }, (_, at) => outcome(owner, 'role.create', { ...READER, name: `role ${at}` })),
  )
  expect(outcomes.filter((one) => one === 'ok')).toHaveLength(more)
  expect(outcomes.filter((one) => one === 'conflict')).toHaveLength(2)
})

test('[ROLE-2] the users of a role that was deleted are members, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let token = ''
  {
    await using crew = await startCrew({ storage: sqliteStorage({ file }) })
    const { owner, member } = crew
    const role = await makeRole(owner)
    const kept = await makeRole(owner, { name: 'kept' })
    await owner.ask('role.give', { user: idOf(member), role })
    await owner.ask('role.give', { user: idOf(crew.admin), role: kept })
    await owner.ask('role.delete', { role })
    expect(await outcome(member, 'message.send', { channel: 'general', clientId: 'x', text: 'x' })).toBe('ok')
    const { users } = await owner.ask('user.list', {})
    expect(users.map((one) => one.role)).toEqual([kept, 'member', 'moderator', 'owner'])
    token = crew.admin.authenticated.token
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const admin = await running.withToken(token)
  expect(admin.authenticated.user.role).not.toBe('admin')
  expect(await outcome(admin, 'history.page', { channel: 'general' })).toBe('ok')
  expect(await outcome(admin, 'message.send', { channel: 'general', clientId: 'y', text: 'y' })).toBe('forbidden')
})

test('[ROLE-3] everybody hears of roles, and a user of their own on all their connections', async () => {
  await using crew = await startCrew()
  const { running, owner, member } = crew
  const other = await again(running, member)
  const stranger = await running.connect()
  const role = await makeRole(owner)
  for (const client of [owner, member, other]) {
    const { roles } = await client.event('role.changed', (data) => data.roles.some(({ id }) => id === role))
    expect(roles).toHaveLength(6)
  }
  await owner.ask('role.give', { user: idOf(member), role })
  for (const client of [member, other]) {
    expect(await client.event('account.changed')).toEqual({ user: { id: idOf(member), name: 'mei', role } })
  }
  await owner.ask('role.delete', { role })
  expect(await member.event('account.changed')).toMatchObject({ user: { role: 'member' } })
  await stranger.settle()
  expect(stranger.texts.takeAll()).toEqual([])
})

test('[ROLE-3] what becomes theirs to read, or ceases to be, is told, and nothing more comes of it', async () => {
  await using crew = await startCrew()
  const { owner, member } = crew
  const blind = await makeRole(owner, { name: 'blind', permissions: [] })
  await member.ask('channel.join', { channel: 'general' })
  await channelEvents(member)
  await owner.ask('role.give', { user: idOf(member), role: blind })
  expect(await channelEvents(member)).toEqual([
    { type: 'channel.removed', data: { channel: 'general' } },
    { type: 'channel.removed', data: { channel: 'lounge' } },
  ])
  await owner.ask('message.send', { channel: 'general', clientId: 'x', text: 'x' })
  await quiet(member)
  expect(member.texts.takeAll().filter(({ seq }) => seq !== undefined)).toEqual([])
  await owner.ask('role.update', { role: blind, permissions: ['read'] })
  const events = await channelEvents(member)
  expect(events).toMatchObject([
    { type: 'channel.changed', data: { channel: { id: 'general' } } },
    { type: 'channel.changed', data: { channel: { id: 'lounge' } } },
    { type: 'channel.ordered', data: { channels: ['general', 'lounge'] } },
  ])
})

test('[ROLE-3] who may not talk any more has left the voice', async () => {
  await using crew = await startCrew()
  const { owner, member } = crew
  const voice = { channel: 'lounge', device: 'd', muted: false, deafened: false }
  await owner.ask('voice.join', voice)
  const { member: place } = await member.ask('voice.join', voice)
  await owner.ask('role.give', { user: idOf(member), role: await makeRole(owner) })
  expect(await owner.event('voice.left')).toEqual({ channel: 'lounge', member: place })
})
