import { expect, test } from 'vitest'
import { PasswordHasher } from '../../src/accounts/password-hasher.ts'
import { heldStorage } from '../held-storage.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'

test('[AUTH-2] an unknown name and a wrong password get the same answer, to the byte', async () => {
  await using running = await RunningServer.start()
  await running.signIn('mei')
  const client = await running.connect()
  const unknown = await client.refusal('auth.login', { name: 'nobody', password: PASSWORD })
  const wrong = await client.refusal('auth.login', { name: 'mei', password: 'wrong horse' })
  expect(JSON.stringify(unknown)).toBe(JSON.stringify(wrong))
  expect(unknown).toEqual({
    code: 'invalid_credentials',
    message: 'that name and password do not fit',
    retryable: false,
  })
})

test('[AUTH-2] the name is the account’s in every form, the password is its own in no other', async () => {
  await using running = await RunningServer.start()
  const { user } = (await running.signIn('Mei Lin')).authenticated
  const client = await running.connect()
  for (const password of ['Correct horse', 'correct horse ', '', 'correct  horse']) {
    expect(await client.refusal('auth.login', { name: 'Mei Lin', password })).toMatchObject({
      code: 'invalid_credentials',
    })
  }
  expect((await client.ask('auth.login', { name: 'MEI  lin', password: PASSWORD })).user).toEqual(user)
})

test('[AUTH-2] an unknown name takes its turn among the hashes as a known one does', async () => {
  const held = heldStorage('byNameKey')
  await using running = await RunningServer.start({ storage: held.storage, rateLimits: 'off', connectionLimits: 'off' })
  const clients = await Promise.all(Array.from({ length: 40 }, () => running.connect()))
  const replies = clients.map((client) => client.refusal('auth.login', { name: 'nobody', password: PASSWORD }))
  await held.waiting(40)
  held.release()
  const codes = (await Promise.all(replies)).map(({ code }) => code)
  expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(34)
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(6)
})

test('[AUTH-7] of 40 log-ins at once two are computed, 32 wait, and six are told when to come again', async () => {
  const held = heldStorage('byNameKey')
  await using running = await RunningServer.start({ storage: held.storage, rateLimits: 'off', connectionLimits: 'off' })
  await running.signIn('mei')
  const clients = await Promise.all(Array.from({ length: 40 }, () => running.connect()))
  const replies = clients.map((client) => client.request('auth.login', { name: 'mei', password: PASSWORD }))
  await held.waiting(40)
  held.release()
  const answers = await Promise.all(replies)
  const refused = answers.flatMap((reply) => ('error' in reply ? [reply.error] : []))
  expect(answers.length - refused.length).toBe(34)
  expect(refused).toEqual(
    Array.from({ length: 6 }, () => ({
      code: 'rate_limited',
      message: 'too many people sign in at this moment',
      retryable: true,
      retryAfterMs: 2_000,
    })),
  )
  const late = await running.connect()
  expect((await late.ask('auth.login', { name: 'mei', password: PASSWORD })).user.name).toBe('mei')
})

test('[AUTH-7] hashes past two and 32 are refused, whatever they are for; the rest are right', async () => {
  const hasher = new PasswordHasher()
  const known = await hasher.hash('right')
  const work = [
    ...Array.from({ length: 17 }, () => hasher.verify(known, 'right')),
    ...Array.from({ length: 17 }, () => hasher.verify(known, 'wrong')),
    hasher.verify(known, 'right'),
    hasher.hash('one more'),
  ]
  const results = await Promise.allSettled(work)
  const codes = results.map((result) =>
    result.status === 'fulfilled' ? result.value : (result.reason as { body: { code: string } }).body.code,
  )
  expect(codes).toEqual([
    ...Array.from({ length: 17 }, () => true),
    ...Array.from({ length: 17 }, () => false),
    'rate_limited',
    'rate_limited',
  ])
})

test('a password hash is argon2id with 19 MiB, two passes and one lane, salted each time', async () => {
  const hasher = new PasswordHasher()
  const [one, other] = await Promise.all([hasher.hash('same'), hasher.hash('same')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(other)
})
