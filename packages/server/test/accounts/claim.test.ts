import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { PasswordHasher } from '../../src/accounts/password-hasher.ts'
import { heldStorage } from '../held-storage.ts'
import { parsed, RecordingSocket } from '../recording-socket.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { nextTurn } from '../turns.ts'

/** A claim in memory: one code, good once. */
function memoryClaim(code = 'K7QX'): { redeem(given: string): Promise<boolean>; readonly asked: string[] } {
  const asked: string[] = []
  let spent = false
  return {
    asked,
    redeem: async (given) => {
      asked.push(given)
      if (spent || given !== code) return false
      spent = true
      return true
    },
  }
}

test('[AUTH-6] without the code nobody registers; with it, once, the owner does; then anybody', async () => {
  await using running = await RunningServer.start({ claim: memoryClaim() })
  const li = await running.connect()
  expect(running.server.registration).toBe('claim')
  expect(await li.refusal('auth.register', { name: 'li', password: PASSWORD })).toEqual({
    code: 'registration_closed',
    message: 'this server has no owner yet: register with its first-run claim code',
    retryable: false,
  })
  expect(await li.refusal('auth.register', { name: 'li', password: PASSWORD, claim: 'K7QY' })).toMatchObject({
    code: 'registration_closed',
    message: 'that claim code is wrong, used or older than 15 minutes',
  })
  const mei = await running.connect()
  const owner = { name: 'mei', password: PASSWORD, claim: 'K7QX' }
  expect((await mei.ask('auth.register', owner)).user).toMatchObject({ name: 'mei', role: 'owner' })
  expect(running.server.registration).toBe('open')
  const member = { name: 'li', password: PASSWORD, claim: 'K7QX' }
  expect((await li.ask('auth.register', member)).user).toMatchObject({ name: 'li', role: 'member' })
})

test('[AUTH-6] the owner’s account may be the only one', async () => {
  await using running = await RunningServer.start({ claim: memoryClaim(), registration: 'closed' })
  const mei = await running.connect()
  await mei.ask('auth.register', { name: 'mei', password: PASSWORD, claim: 'K7QX' })
  expect(running.server.registration).toBe('closed')
  const li = await running.connect()
  expect(await li.refusal('auth.register', { name: 'li', password: PASSWORD, claim: 'K7QX' })).toMatchObject({
    code: 'registration_closed',
  })
})

test('[AUTH-6] one code makes one owner, however many use it at once', async () => {
  await using running = await RunningServer.start({ claim: memoryClaim(), registration: 'closed' })
  const clients = await Promise.all(Array.from({ length: 5 }, () => running.connect()))
  const replies = await Promise.all(
    clients.map((client, at) =>
      client.request('auth.register', { name: `owner ${at}`, password: PASSWORD, claim: 'K7QX' }),
    ),
  )
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'made')).sort()).toEqual([
    'made',
    ...Array.from({ length: 4 }, () => 'registration_closed'),
  ])
})

test('[AUTH-6] the right code from another machine is refused, and not spent', async () => {
  const claim = memoryClaim()
  await using running = await RunningServer.start({ claim })
  const socket = new RecordingSocket()
  const far = running.server.accept(socket, { local: false })
  const data = { name: 'mei', password: PASSWORD, claim: 'K7QX' }
  far.text(JSON.stringify({ id: 1, type: 'auth.register', data }))
  await nextTurn()
  expect(socket.takeFrames().map(parsed).at(-1)).toEqual({
    re: 1,
    error: {
      code: 'registration_closed',
      message: 'a claim is accepted only from the server itself',
      retryable: false,
    },
  })
  expect(claim.asked).toEqual([])
  expect((await (await running.connect()).ask('auth.register', data)).user.role).toBe('owner')
})

test('[AUTH-6] what a proxy passed on does not come from the server’s own machine', async () => {
  await using running = await RunningServer.start({ claim: memoryClaim() })
  const data = { name: 'mei', password: PASSWORD, claim: 'K7QX' }
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
    const client = await running.connect({ headers: { [name]: '203.0.113.7' } })
    expect(await client.refusal('auth.register', data), name).toMatchObject({
      code: 'registration_closed',
      message: 'a claim is accepted only from the server itself',
    })
  }
  expect((await (await running.connect()).ask('auth.register', data)).user.role).toBe('owner')
})

test('[AUTH-6] a registration that the server was too busy for does not spend the code', async () => {
  const held = heldStorage('byNameKey')
  await using running = await RunningServer.start({
    storage: held.storage,
    rateLimits: 'off',
    connectionLimits: 'off',
    claim: memoryClaim(),
  })
  const passwordHash = await new PasswordHasher().hash(PASSWORD)
  await held.storage.accounts.create({
    id: 'li',
    name: 'li',
    role: 'member',
    passwordHash,
    nameKey: 'li',
    createdAt: 0,
  })
  const others = await Promise.all(Array.from({ length: 34 }, () => running.connect()))
  const logins = others.map((client) => client.ask('auth.login', { name: 'li', password: PASSWORD }))
  await held.waiting(34)
  held.release()
  await nextTurn()
  const data = { name: 'mei', password: PASSWORD, claim: 'K7QX' }
  const socket = new RecordingSocket()
  running.server.accept(socket, { local: true }).text(JSON.stringify({ id: 1, type: 'auth.register', data }))
  await nextTurn()
  expect(socket.takeFrames().map(parsed).at(-1)).toMatchObject({ re: 1, error: { code: 'rate_limited' } })
  await Promise.all(logins)
  const mei = await running.connect()
  expect((await mei.ask('auth.register', data)).user.role).toBe('owner')
})

test('a server that has its owner asks for no claim', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }), claim: memoryClaim() })
    const mei = await running.connect()
    await mei.ask('auth.register', { name: 'mei', password: PASSWORD, claim: 'K7QX' })
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }), claim: memoryClaim('NEW2') })
  expect(running.server.registration).toBe('open')
  expect((await running.signIn('li')).authenticated.user.role).toBe('member')
})
