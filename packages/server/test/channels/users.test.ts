import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { nameKey, namePrefixKey } from '../../src/accounts/name-key.ts'
import { idOf, outcome } from '../owned-server.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const AT = 1_700_000_000_000

/** A store with accounts of these names; who has a `bot` is one. */
async function storeWith(file: string, names: readonly string[], bots: readonly string[] = []): Promise<void> {
  const storage = sqliteStorage({ file })
  await storage.open()
  for (const [at, name] of [...names, ...bots].entries()) {
    const account = {
      id: `u${at}`,
      name,
      nameKey: nameKey(name),
      role: 'member',
      passwordHash: '',
      createdAt: AT,
    } as const
    await storage.accounts.create({ ...account, ...(bots.includes(name) ? { bot: true } : {}) })
  }
  await storage.close()
}

test('[USER-1] users come in the order of their names as names are compared, in pages', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWith(file, ['ZOE', 'Ａda', 'bob', 'ß', '弧光'], ['Äbot'])
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('Mei')
  const all = await mei.ask('user.list', {})
  expect(all.users.map(({ name }) => name)).toEqual(['Ａda', 'bob', 'Mei', 'ß', 'ZOE', 'Äbot', '弧光'])
  expect(all.users[0]).toEqual({ id: 'u1', name: 'Ａda', role: 'member' })
  expect(all.users[5]).toEqual({ id: 'u5', name: 'Äbot', bot: true, role: 'member' })
  expect(all.hasMore).toBe(false)
  const first = await mei.ask('user.list', { limit: 3 })
  expect(first).toEqual({ users: all.users.slice(0, 3), hasMore: true })
  expect(await mei.ask('user.list', { limit: 4, after: idOf(mei) })).toEqual({
    users: all.users.slice(3),
    hasMore: false,
  })
  expect(await outcome(mei, 'user.list', { after: 'nobody' })).toBe('not_found')
})

test('[USER-1] a prefix is compared as names are, and nothing in it is an operator', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWith(file, ['Li Na', 'LINA', 'lin', 'al%', 'al_', 'al', '😀bob', '😀', 'Ⅷ', 'straße', "o'neill"])
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  const named = async (prefix: string): Promise<string[]> =>
    (await mei.ask('user.list', { prefix })).users.map(({ name }) => name)
  expect(await named('LI')).toEqual(['Li Na', 'lin', 'LINA'])
  expect(await named('Li ')).toEqual(['Li Na'])
  expect(await named('li  n')).toEqual(['Li Na'])
  expect(await named('ＬＩＮ')).toEqual(['lin', 'LINA'])
  expect(await named('al%')).toEqual(['al%'])
  expect(await named('al_')).toEqual(['al_'])
  expect(await named('😀')).toEqual(['😀', '😀bob'])
  expect(await named('vii')).toEqual(['Ⅷ'])
  expect(await named('STRASS')).toEqual(['straße'])
  expect(await named("O'")).toEqual(["o'neill"])
  expect(await named('nobody')).toEqual([])
  expect(await outcome(mei, 'user.list', { prefix: '' })).toBe('bad_request')
})

test('[USER-1] a page has 100 users unless told, and never more', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWith(
    file,
    Array.from({ length: 120 }, (_, at) => `user ${String(at).padStart(3, '0')}`),
  )
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  const first = await mei.ask('user.list', { prefix: 'user' })
  expect([first.users.length, first.hasMore]).toEqual([100, true])
  const second = await mei.ask('user.list', { prefix: 'user', after: first.users.at(-1)?.id ?? '' })
  expect([second.users.length, second.hasMore, second.users[0]?.name]).toEqual([20, false, 'user 100'])
  expect(await outcome(mei, 'user.list', { limit: 101 })).toBe('bad_request')
})

test('[USER-1] a bot that was ended is not among the users', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  await storeWith(file, [], ['jeeves', 'hal'])
  const storage = sqliteStorage({ file })
  await storage.open()
  expect(await storage.accounts.endBot('u1')).toBe(true)
  await storage.close()
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const mei = await running.signIn('mei')
  expect((await mei.ask('user.list', {})).users.map(({ name }) => name)).toEqual(['jeeves', 'mei'])
})

test('[USER-1] a space at the end of a prefix is a part of it', () => {
  expect([namePrefixKey('LI '), namePrefixKey('Li'), namePrefixKey('li \t'), namePrefixKey('  ')]).toEqual([
    'li ',
    'li',
    'li ',
    ' ',
  ])
})
