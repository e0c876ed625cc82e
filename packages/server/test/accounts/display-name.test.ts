import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { outcome } from '../owned-server.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('[NAME-1] a display name is 1–64 characters in NFC, nothing invisible, no space at either end; null takes it away', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const { id, name } = mei.authenticated.user
  const family = '\u{1F469}\u200D\u{1F467}'
  for (const displayName of ['M', '王 美', 'x'.repeat(64), '\u{1F331}'.repeat(64), `mei ${family}`]) {
    expect(await mei.ask('user.update', { displayName })).toEqual({ user: { id, name, displayName } })
  }
  const typed = 'e\u0301'.repeat(32)
  expect((await mei.ask('user.update', { displayName: typed })).user.displayName).toBe('\u00e9'.repeat(32))
  expect((await mei.ask('user.update', {})).user.displayName).toBe('\u00e9'.repeat(32))
  const bad = ['', ' ', ' mei', 'mei ', 'a\nb', 'a\u0000b', 'a\u202Eb', '\u200D', 'x'.repeat(65), 'a\uD800']
  for (const displayName of bad) {
    expect(await outcome(mei, 'user.update', { displayName }), JSON.stringify(displayName)).toBe('bad_request')
  }
  expect(await outcome(mei, 'user.update', { displayName: 5 })).toBe('bad_request')
  // The same as somebody else's, and as somebody's name.
  for (const displayName of ['mei', 'LI']) await li.ask('user.update', { displayName })
  expect(await mei.ask('user.update', { displayName: null })).toEqual({ user: { id, name } })
  expect((await li.ask('user.list', { prefix: 'mei' })).users.map((user) => user.id)).toEqual([id])
})

test('[NAME-2] everybody who is signed in learns of a display name, and it is known wherever its user is', async () => {
  await using folder = await temporaryFolder()
  const storage = () => sqliteStorage({ file: folder.file('arclight.db') })
  let token = ''
  {
    await using running = await RunningServer.start({ storage: storage() })
    const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
    token = mei.authenticated.token
    const { id } = mei.authenticated.user
    const user = { id, name: 'mei', displayName: '王美' }
    const channel = (await li.ask('direct.open', { users: [id] })).channel.id
    await mei.ask('message.send', { channel, clientId: 'a', text: 'before' })
    await mei.ask('user.update', { displayName: '王美' })
    expect(await li.event('user.changed')).toEqual({ user })
    const sent = await mei.ask('message.send', { channel, clientId: 'b', text: 'behind' })
    expect(sent.message.author).toEqual(user)
    const { messages } = await li.ask('history.page', { channel })
    expect(messages.map(({ author }) => author)).toEqual([user, user])
    const listed = (await li.ask('channel.list', {})).channels.find((one) => one.id === channel)
    expect(listed?.members).toContainEqual(user)
    expect((await li.ask('member.list', { channel })).members).toContainEqual(user)
    expect((await li.ask('user.list', {})).users).toContainEqual({ ...user, role: 'member' })
    expect((await li.ask('presence.watch', {})).present).toContainEqual({ user, status: 'online' })
    await mei.ask('message.react', { channel, seq: 1, emoji: '👍', on: true })
    expect((await li.ask('message.reactors', { channel, seq: 1, emoji: '👍' })).users).toEqual([user])
    await li.ask('channel.join', { channel })
    await mei.ask('typing.set', { channel, typing: true })
    expect((await li.event('typing.changed')).users).toEqual([user])
  }
  await using running = await RunningServer.start({ storage: storage() })
  const again = await running.withToken(token)
  expect(again.authenticated.user).toMatchObject({ name: 'mei', displayName: '王美' })
  await again.ask('user.update', { displayName: null })
  expect((await again.ask('user.list', {})).users.filter((user) => 'displayName' in user)).toEqual([])
})
