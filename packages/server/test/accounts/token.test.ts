import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const HASH_LESS_TOKEN = 'a'.repeat(43)

test('[AUTH-3] register, login, token and resume all give the user and a token of 256 bits', async () => {
  await using running = await RunningServer.start()
  const { user, token, session } = (await running.signIn('mei')).authenticated
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  const byPassword = await (await running.connect()).ask('auth.login', { name: 'mei', password: PASSWORD })
  const times = { expiresAt: expect.any(Number), refreshAt: expect.any(Number) }
  expect(byPassword).toEqual({
    user,
    token: expect.stringMatching(/^[\w-]{43}$/),
    session: expect.not.stringMatching(`^${session}$`),
    ...times,
  })
  expect(byPassword.token).not.toBe(token)
  expect(await (await running.connect()).ask('auth.token', { token })).toEqual({ user, token, session, ...times })
  expect(await (await running.connect()).ask('session.resume', { token, cursors: {} })).toEqual({
    user,
    token,
    session,
    ...times,
    channels: {},
  })
})

test('[AUTH-3] the server stores of a token its hash alone', async () => {
  await using folder = await temporaryFolder()
  await using running = await RunningServer.start({ storage: sqliteStorage({ file: folder.file('a.db') }) })
  const { token } = (await running.signIn('mei')).authenticated
  const database = new Database(folder.file('a.db'))
  expect(database.prepare('select token_hash from session').all()).toEqual([
    { token_hash: createHash('sha256').update(token).digest('base64url') },
  ])
  database.close()
  const files = await readdir(folder.path)
  expect(files).toContain('a.db')
  for (const name of files) expect((await readFile(folder.file(name))).includes(token), name).toBe(false)
})

test('[AUTH-4] an unknown token gets unauthenticated, and the connection may try again', async () => {
  await using running = await RunningServer.start()
  const { token } = (await running.signIn('mei')).authenticated
  const client = await running.connect()
  for (const wrong of [HASH_LESS_TOKEN, `${token}x`, token.slice(1)]) {
    expect(await client.refusal('auth.token', { token: wrong })).toEqual({
      code: 'unauthenticated',
      message: 'the session is over; log in again',
      retryable: false,
    })
    expect(await client.refusal('session.resume', { token: wrong, cursors: {} })).toMatchObject({
      code: 'unauthenticated',
    })
  }
  expect((await client.ask('auth.token', { token })).user.name).toBe('mei')
})

test('[AUTH-4] a token is good for any number of connections, and after a restart on the same store', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let token: string
  {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
    token = (await running.signIn('mei')).authenticated.token
    for (let count = 0; count < 3; count++) await (await running.connect()).ask('auth.token', { token })
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  expect((await (await running.connect()).ask('auth.token', { token })).user.name).toBe('mei')
})

test('[AUTH-5] logging out replies, closes with 4501, and the token is good no more', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const other = await running.connect()
  const { token: kept } = await other.ask('auth.login', { name: 'mei', password: PASSWORD })
  expect(await mei.request('auth.logout')).toMatchObject({ data: {} })
  expect(await mei.closed).toEqual({ code: 4501, reason: 'the session was ended' })
  const next = await running.connect()
  expect(await next.refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect(await next.refusal('session.resume', { token, cursors: {} })).toMatchObject({ code: 'unauthenticated' })
  expect((await next.ask('auth.token', { token: kept })).user.name).toBe('mei')
})

test('[AUTH-5] the reply is the last thing that a connection reads before the close', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const id = mei.post('auth.logout')
  await mei.closed
  expect(mei.received.at(-1)).toEqual({ re: id, data: {} })
})
