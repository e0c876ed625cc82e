import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { again, channelEvents, idOf, outcome } from '../owned-server.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startCrew } from './crew.ts'

const GENERAL = { channel: 'general' }
const say = { ...GENERAL, clientId: 'x', text: 'x' }

test('[PERM-1] what a channel denies a role nobody of it may there, but for whom it allows it', async () => {
  await using crew = await startCrew()
  const { running, owner, member } = crew
  const other = await running.signIn('li')
  await owner.ask('permit.set', { ...GENERAL, role: 'member', allow: ['pin'], deny: ['send'] })
  await owner.ask('permit.set', { ...GENERAL, user: idOf(member), allow: ['send'], deny: ['react'] })
  expect(await outcome(other, 'message.send', say)).toBe('forbidden')
  expect(await outcome(member, 'message.send', say)).toBe('ok')
  const at = { ...GENERAL, seq: 1 }
  expect(await outcome(other, 'message.pin', { ...at, on: true })).toBe('ok')
  expect(await outcome(other, 'message.react', { ...at, emoji: '👍', on: true })).toBe('ok')
  expect(await outcome(member, 'message.react', { ...at, emoji: '👍', on: true })).toBe('forbidden')
  expect(await outcome(owner, 'message.send', { ...say, clientId: 'y' })).toBe('ok')
})

test('[PERM-1] a private channel is there for whom it allows to read, and for nobody else', async () => {
  await using crew = await startCrew()
  const { owner, admin, moderator, member } = crew
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  const place = { channel: channel.id }
  for (const client of [admin, moderator, member])
    expect(await outcome(client, 'history.page', place)).toBe('not_found')
  await owner.ask('permit.set', { ...place, role: 'moderator', allow: ['read'], deny: [] })
  expect(await outcome(moderator, 'message.send', { ...say, ...place })).toBe('ok')
  expect(await outcome(admin, 'history.page', place)).toBe('not_found')
})

test('[PERM-2] who manages the channel sets and lists permits, in the place of those before, through a restart', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let token = ''
  {
    await using crew = await startCrew({ storage: sqliteStorage({ file }) })
    const { owner, member } = crew
    const user = idOf(member)
    await owner.ask('permit.set', { ...GENERAL, user, allow: ['pin'], deny: [] })
    await owner.ask('permit.set', { ...GENERAL, role: 'member', allow: [], deny: ['react', 'send'] })
    await owner.ask('permit.set', { ...GENERAL, user, allow: [], deny: ['talk'] })
    await owner.ask('permit.set', { ...GENERAL, role: 'guest', allow: ['pin'], deny: [] })
    await owner.ask('permit.set', { ...GENERAL, role: 'guest', allow: [], deny: [] })
    token = owner.authenticated.token
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const owner = await running.withToken(token)
  const { permits } = await owner.ask('permit.list', GENERAL)
  expect(permits).toEqual([
    { role: 'member', allow: [], deny: ['send', 'react'] },
    { user: expect.any(String), allow: [], deny: ['talk'] },
  ])
  const li = await running.signIn('li')
  expect(await outcome(li, 'message.send', say)).toBe('forbidden')
})

test('[PERM-2] what does not fit is refused, and why', async () => {
  await using crew = await startCrew()
  const { owner, member } = crew
  const nothing = { allow: [], deny: [] }
  for (const [data, code] of [
    [nothing, 'bad_request'],
    [{ ...nothing, role: 'member', user: idOf(member) }, 'bad_request'],
    [{ role: 'member', allow: ['pin', 'send'], deny: ['send'] }, 'bad_request'],
    [{ role: 'member', allow: ['pin', 'send'], deny: ['send', 'react'] }, 'bad_request'],
    [{ role: 'member', allow: ['ban'], deny: [] }, 'bad_request'],
    [{ ...nothing, role: 'nobody' }, 'not_found'],
    [{ ...nothing, user: 'nobody' }, 'not_found'],
    [{ ...nothing, role: 'member', channel: 'nowhere' }, 'not_found'],
    [{ ...nothing, role: 'owner' }, 'forbidden'],
    [{ ...nothing, user: idOf(owner) }, 'forbidden'],
  ] as const) {
    expect([data, await outcome(owner, 'permit.set', { ...GENERAL, ...data })]).toEqual([data, code])
  }
  const direct = await owner.ask('direct.open', { users: [idOf(member)] })
  const group = { channel: direct.channel.id, role: 'member', allow: ['pin'], deny: [] }
  expect(await outcome(owner, 'permit.set', group)).toBe('forbidden')
})

test('[PERM-2] nobody says anything of who stands as high as they do, or of what they may not there', async () => {
  await using crew = await startCrew()
  const { owner, admin, moderator, member } = crew
  await owner.ask('permit.set', { ...GENERAL, user: idOf(moderator), allow: ['manageChannel'], deny: ['react'] })
  const of = (subject: object) => ({ ...GENERAL, allow: [], deny: ['send'], ...subject })
  expect(await outcome(member, 'permit.set', of({ role: 'guest' }))).toBe('forbidden')
  expect(await outcome(moderator, 'permit.set', of({ role: 'member' }))).toBe('ok')
  expect(await outcome(moderator, 'permit.set', of({ user: idOf(member) }))).toBe('ok')
  for (const subject of [{ role: 'moderator' }, { role: 'admin' }, { user: idOf(admin) }, { user: idOf(moderator) }]) {
    expect([subject, await outcome(moderator, 'permit.set', of(subject))]).toEqual([subject, 'forbidden'])
  }
  expect(await outcome(moderator, 'permit.set', of({ role: 'member', deny: ['react'] }))).toBe('forbidden')
})

test('[PERM-2] it counts at once: the channel goes and comes, for those whom it is about', async () => {
  await using crew = await startCrew()
  const { running, owner, moderator, member } = crew
  const other = await again(running, member)
  for (const client of [moderator, member, other]) await channelEvents(client)
  await owner.ask('permit.set', { ...GENERAL, role: 'member', allow: [], deny: ['read'] })
  for (const client of [member, other]) {
    expect(await channelEvents(client)).toEqual([{ type: 'channel.removed', data: GENERAL }])
  }
  expect(await channelEvents(moderator)).toEqual([])
  await owner.ask('permit.set', { ...GENERAL, role: 'member', allow: [], deny: [] })
  expect(await channelEvents(member)).toMatchObject([
    { type: 'channel.changed', data: { channel: { id: 'general' } } },
    { type: 'channel.ordered', data: { channels: ['general', 'lounge'] } },
  ])
})
