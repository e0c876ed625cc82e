import { CLOSE } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { memoryStorage } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { again, idOf, outcome, startOwned } from '../owned-server.ts'
import { startCrew } from '../roles/crew.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { picture } from '../uploads/pictures.ts'
import { get, upload, uploadServer } from '../uploads/upload-server.ts'
import { factorServer, withSecondFactor } from './authenticator.ts'

const login = { name: 'mei', password: PASSWORD }

test('[GONE-1] an account is deleted by its password: the sessions end, nobody signs in, and the name is free', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const same = await again(running, mei)
  const elsewhere = await running.connect()
  await elsewhere.authenticate('auth.login', login)
  expect(await outcome(mei, 'account.delete', { password: 'wrong' })).toBe('invalid_credentials')
  expect(await outcome(elsewhere, 'channel.list', {})).toBe('ok')
  // The reply comes before the end.
  expect(await mei.ask('account.delete', { password: PASSWORD })).toEqual({})
  for (const client of [mei, same, elsewhere]) {
    expect(await client.closed).toEqual({ code: CLOSE.revoked, reason: 'the account was deleted' })
  }
  const late = await running.connect()
  expect(await outcome(late, 'auth.token', { token })).toBe('unauthenticated')
  expect(await outcome(late, 'auth.login', login)).toBe('invalid_credentials')
  expect(await outcome(late, 'auth.login', { name: 'deleted user', password: PASSWORD })).toBe('invalid_credentials')
  const other = await running.signIn('MEI')
  expect(idOf(other)).not.toBe(idOf(mei))
})

test('[GONE-1] the owner stays, and a second factor is asked for', async () => {
  const clock = new ManualClock()
  clock.setWall(1_700_000_000_000)
  await using crew = await startCrew({ clock })
  expect(await outcome(crew.owner, 'account.delete', { password: PASSWORD })).toBe('conflict')
  expect(await outcome(crew.owner, 'channel.list', {})).toBe('ok')
  await using running = await factorServer({ clock })
  const mei = await running.signIn('mei')
  const { app } = await withSecondFactor(mei, clock)
  expect(await outcome(mei, 'account.delete', { password: PASSWORD })).toBe('second_factor')
  expect(await outcome(mei, 'account.delete', { password: PASSWORD, code: app.code() })).toBe('ok')
})

test('[GONE-2] what was theirs alone goes', async () => {
  const storage = memoryStorage()
  await using server = await uploadServer({ storage })
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const bytes = await picture({ width: 9, height: 9 })
  const avatar = await upload(server, mei, bytes, { purpose: 'avatar' })
  await mei.ask('user.update', { avatar, displayName: '王美' })
  const [held, free] = [await upload(server, mei, bytes), await upload(server, mei, bytes)]
  const { channels } = await mei.ask('channel.list', {})
  const channel = channels[0]?.id ?? ''
  await mei.ask('message.send', { channel, clientId: 'a', text: '', attachments: [held] })
  const group = await mei.ask('direct.open', { users: [idOf(li), idOf(await server.signIn('wang'))], clientId: 'g' })
  const pair = await li.ask('direct.open', { users: [idOf(mei)] })
  await mei.ask('account.delete', { password: PASSWORD })
  await mei.closed
  const user = { id: idOf(mei), name: 'deleted user', deleted: true }
  expect(await li.event('user.changed', (data) => data.user.deleted === true)).toEqual({ user })
  await expect.poll(async () => (await li.ask('member.list', { channel: group.channel.id })).members.length).toBe(2)
  expect((await li.ask('member.list', { channel: pair.channel.id })).members).toContainEqual(user)
  const status = async (file: string) => (await get(server, li, `/files/${file}`)).status
  expect([await status(avatar), await status(held)]).toEqual([404, 200])
  expect((await storage.uploads.get(free))?.state ?? 'removed').toBe('removed')
})

test('[GONE-2] invites that they made work no more, and private channels have lost them', async () => {
  await using crew = await startCrew()
  const { running, owner, moderator } = crew
  const { code } = await moderator.ask('invite.create', { role: 'guest' })
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'attic', private: true })
  await owner.ask('member.add', { channel: channel.id, user: idOf(moderator) })
  await owner.ask('permit.set', { channel: channel.id, user: idOf(moderator), allow: ['pin'], deny: [] })
  await moderator.ask('account.delete', { password: PASSWORD })
  await moderator.closed
  expect((await owner.ask('member.list', { channel: channel.id })).members.map(({ id }) => id)).toEqual([idOf(owner)])
  expect((await owner.ask('permit.list', { channel: channel.id })).permits).toEqual([])
  const stranger = await running.connect()
  const data = { name: 'zhao', password: PASSWORD, invite: code }
  expect(await outcome(stranger, 'auth.register', data)).toBe('registration_closed')
})

test('[GONE-3] messages stay by a user who is deleted, in no list, and to whom nothing is done', async () => {
  await using running = await startOwned({ rateLimits: 'off' })
  const owner = await running.connect()
  await owner.authenticate('auth.register', { name: 'owner', password: PASSWORD, claim: 'K7QX-2M4P' })
  const mei = await running.signIn('mei')
  const { channels } = await mei.ask('channel.list', {})
  const channel = channels[0]?.id ?? ''
  await mei.ask('message.send', { channel, clientId: 'a', text: 'tea' })
  await mei.ask('account.delete', { password: PASSWORD, messages: 'keep' })
  const author = { id: idOf(mei), name: 'deleted user', deleted: true }
  expect(await owner.event('user.changed')).toEqual({ user: author })
  const [message] = (await owner.ask('history.page', { channel })).messages
  expect(message).toMatchObject({ text: 'tea', author })
  expect((await owner.ask('user.list', {})).users.map(({ id }) => id)).toEqual([idOf(owner)])
  const attic = (await owner.ask('channel.create', { kind: 'text', name: 'attic', private: true })).channel.id
  const user = idOf(mei)
  for (const [type, data] of [
    ['member.add', { channel: attic, user }],
    ['direct.open', { users: [user] }],
    ['role.give', { user, role: 'guest' }],
    ['user.reset', { user }],
    ['user.kick', { user }],
    ['user.ban', { user }],
  ] as const) {
    expect([type, await outcome(owner, type, data)]).toEqual([type, 'not_found'])
  }
  expect(await outcome(owner, 'message.delete', { channel, seq: 1 })).toBe('ok')
})

test('[GONE-4] messages that are to go are deleted for everybody, and the rest after a restart', async () => {
  await using folder = await temporaryFolder()
  const storage = () => sqliteStorage({ file: folder.file('arclight.db') })
  const count = 120
  let token = ''
  let channel = ''
  {
    await using running = await RunningServer.start({ storage: storage(), rateLimits: 'off' })
    const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
    token = li.authenticated.token
    channel = (await mei.ask('channel.list', {})).channels[0]?.id ?? ''
    await li.ask('channel.join', { channel })
    await li.ask('message.send', { channel, clientId: 'own', text: 'mine' })
    for (let at = 0; at < count; at++) await mei.ask('message.send', { channel, clientId: `${at}`, text: `tea ${at}` })
    await mei.ask('account.delete', { password: PASSWORD, messages: 'delete' })
    const { message } = await li.event('message.deleted')
    expect(message).toMatchObject({ text: '', deleted: true, author: { name: 'deleted user' } })
  }
  await using running = await RunningServer.start({ storage: storage(), rateLimits: 'off' })
  const li = await running.withToken(token)
  const left = async () => (await li.ask('message.search', { query: 'tea' })).messages.length
  await expect.poll(left, { timeout: 10_000 }).toBe(0)
  const { messages } = await li.ask('history.page', { channel, after: 0, limit: 2 })
  expect(messages.map(({ text }) => text)).toEqual(['mine', ''])
})
