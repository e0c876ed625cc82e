import { expect, test } from 'vitest'
import { PASSWORD, RunningServer } from '../running-server.ts'

test('[AUTH-1] registering makes an account and authenticates the connection', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  const { user } = await client.ask('auth.register', { name: 'Mei Lin', password: PASSWORD })
  expect(user).toEqual({ id: expect.stringMatching(/^[\w-]{16}$/), name: 'Mei Lin', role: 'member' })
  expect((await client.ask('channel.list', {})).channels).toHaveLength(2)
  const again = await running.connect()
  expect((await again.ask('auth.login', { name: 'Mei Lin', password: PASSWORD })).user).toEqual(user)
})

test('[AUTH-1] names of 2 and of 32 characters are taken, those of 1 and of 33 are not', async () => {
  await using running = await RunningServer.start()
  for (const name of ['ab', 'a'.repeat(32), '😀🎧', '🎧'.repeat(32)])
    expect((await running.signIn(name)).authenticated.user.name).toBe(name)
  const client = await running.connect()
  for (const name of ['a', '😀', 'a'.repeat(33)]) {
    expect(await client.refusal('auth.register', { name, password: PASSWORD }), name).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'name' }],
    })
  }
})

test('a name without a control character and without space at its ends is taken, another not', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  for (const name of [' mei', 'mei ', '\tmei', 'm\u0000i', 'm\ni', 'm\u200bi', 'm\u202ei', 'm\ud800i']) {
    expect(await client.refusal('auth.register', { name, password: PASSWORD }), JSON.stringify(name)).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'name' }],
    })
  }
})

test('[AUTH-1] names that differ only in case, compatibility forms or runs of spaces are one', async () => {
  await using running = await RunningServer.start()
  await running.signIn('Mei Lin')
  await running.signIn('Ångström')
  const client = await running.connect()
  const same = ['mei lin', 'MEI LIN', 'Mei   Lin', 'Mei\u00a0Lin', 'Ｍｅｉ Ｌｉｎ', 'A\u030angstro\u0308m', 'ÅNGSTRÖM']
  for (const name of same) {
    expect(await client.refusal('auth.register', { name, password: PASSWORD }), name).toMatchObject({
      code: 'conflict',
    })
  }
  await client.ask('auth.register', { name: 'Meilin', password: PASSWORD })
})

test('[AUTH-1] of many who register one name at once one gets it', async () => {
  await using running = await RunningServer.start()
  const clients = await Promise.all(Array.from({ length: 8 }, () => running.connect()))
  const replies = await Promise.all(
    clients.map((client) => client.request('auth.register', { name: 'mei', password: PASSWORD })),
  )
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'made')).sort()).toEqual([
    ...Array.from({ length: 7 }, () => 'conflict'),
    'made',
  ])
})

test('a password has 8 to 256 characters', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  for (const password of ['', 'x'.repeat(7), 'x'.repeat(257)]) {
    expect(await client.refusal('auth.register', { name: 'mei', password })).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'password' }],
    })
  }
  await client.ask('auth.register', { name: 'mei', password: 'x'.repeat(256) })
})

test('a server that takes no accounts refuses with registration_closed, and lets those in that it has', async () => {
  await using running = await RunningServer.start({ registration: 'closed' })
  const client = await running.connect()
  expect(await client.refusal('auth.register', { name: 'mei', password: PASSWORD })).toEqual({
    code: 'registration_closed',
    message: 'this server takes no new accounts',
    retryable: false,
  })
})
