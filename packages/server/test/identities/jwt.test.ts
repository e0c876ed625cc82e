import { jwtVerifier } from '@arclight/server/auth/jwt'
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { idOf, outcome, signInOwner, startOwned } from '../owned-server.ts'
import { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { AUDIENCE, type Issuer, startIssuer } from './issuer.ts'

function verifierOf({ name, jwks }: Issuer) {
  return jwtVerifier({ issuer: name, audience: AUDIENCE, keys: jwks })
}

async function capabilitiesOf({ url }: RunningServer): Promise<readonly string[]> {
  await using client = await RawClient.connect(url)
  return (await client.event('session.hello')).capabilities
}

/** What a connection of its own is answered with. */
async function tried(running: RunningServer, token: string): Promise<string> {
  return outcome(await running.connect(), 'auth.jwt', { token })
}

test('[IDP-1] a token of the issuer’s for this server signs in, and the session is one like any other', async () => {
  await using issuer = await startIssuer()
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer) })
  expect(await capabilitiesOf(running)).toContain('jwt')
  const mei = await running.connect()
  const token = await issuer.sign({ preferred_username: 'mei' })
  const granted = await mei.authenticate('auth.jwt', { token, label: 'laptop' })
  expect(granted).toMatchObject({ user: { name: 'mei', role: 'member' } })
  expect((await mei.ask('auth.sessions', {})).sessions).toMatchObject([{ label: 'laptop', current: true }])
  await mei.ask('message.send', { channel: 'general', clientId: 'a', text: 'tea' })
  const again = await running.connect()
  expect((await again.authenticate('auth.token', { token: granted.token })).user).toEqual(granted.user)
  expect(issuer.asked).toBe(1)
})

test('[IDP-1] every other token is answered in the same words', async () => {
  await using issuer = await startIssuer()
  await using other = await startIssuer()
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer) })
  const now = Math.floor(Date.now() / 1_000)
  const { publicKey } = await generateKeyPair('RS256', { extractable: true })
  // A public key that is taken for a secret would sign what anybody likes.
  const asSecret = new TextEncoder().encode(await exportSPKI(publicKey))
  const claims = { iss: issuer.name, aud: AUDIENCE, sub: 'u-mei', exp: now + 60 }
  const tokens = {
    'of another audience': await issuer.sign({ aud: 'another' }),
    'of no audience': await issuer.sign({ aud: undefined }),
    'of another issuer': await other.sign({ iss: issuer.name }),
    'that names another issuer': await issuer.sign({ iss: other.name }),
    'that has expired': await issuer.sign({ exp: now - 61 }),
    'that does not expire': await issuer.sign({ exp: undefined }),
    'that is not good yet': await issuer.sign({ nbf: now + 120 }),
    'about nobody': await issuer.sign({ sub: undefined }),
    'about an empty name': await issuer.sign({ sub: '' }),
    'about a name of 256 characters': await issuer.sign({ sub: 'x'.repeat(256) }),
    'signed with a key that is not shown': await issuer.sign({}, { kid: 'two' }),
    'signed with a shared secret': await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(asSecret),
    'not signed': new UnsecuredJWT(claims).encode(),
    'of which a byte was changed': `${await issuer.sign()}A`,
    'that is none': 'eyJhbGciOiJub25lIn0.e30.',
  }
  for (const [what, token] of Object.entries(tokens)) {
    expect([what, await tried(running, token)]).toEqual([what, 'invalid_credentials'])
  }
  // A minute of leeway, for clocks that differ.
  expect(await tried(running, await issuer.sign({ exp: now - 30 }))).toBe('ok')
})

test('[IDP-1] keys that cannot be read are no judgement of the token, and a server without an issuer says so', async () => {
  await using issuer = await startIssuer()
  issuer.fail()
  const warned: string[] = []
  const log = { info: () => {}, error: () => {}, warn: (_fields: object, message: string) => void warned.push(message) }
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer), log })
  expect(await tried(running, await issuer.sign())).toBe('unavailable')
  expect(warned).toEqual(['the identity provider does not answer'])
  await using without = await RunningServer.start()
  expect(await capabilitiesOf(without)).not.toContain('jwt')
  expect(await tried(without, await issuer.sign())).toBe('not_found')
})

test('[IDP-1] with a shared secret tokens are checked by it alone', async () => {
  const secret = 'a secret of at least thirty-two characters'
  const options = { issuer: 'https://id.example', audience: AUDIENCE } as const
  expect(() => jwtVerifier({ ...options, keys: { secret: 'short' } })).toThrow(TypeError)
  const verifier = jwtVerifier({ ...options, keys: { secret } })
  const sign = (key: string) =>
    new SignJWT({ iss: options.issuer, aud: AUDIENCE, sub: 'u-mei', email: 'mei@example.org' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1 minute')
      .sign(new TextEncoder().encode(key))
  expect(await verifier.verify(await sign(secret))).toEqual({
    issuer: options.issuer,
    subject: 'u-mei',
    names: ['mei'],
  })
  expect(await verifier.verify(await sign(`${secret}!`))).toBeUndefined()
})

test('[IDP-2] a subject keeps its account whatever it is called later, and a name leads to nobody else’s', async () => {
  await using issuer = await startIssuer()
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer), registration: 'open' })
  const own = await running.signIn('mei')
  const signIn = async (claims: Record<string, unknown>) =>
    (await (await running.connect()).authenticate('auth.jwt', { token: await issuer.sign(claims) })).user
  const first = await signIn({ sub: 'u-1', preferred_username: 'MEI' })
  expect(first.name).toBe('MEI 2')
  expect(first.id).not.toBe(idOf(own))
  expect(await signIn({ sub: 'u-1', preferred_username: 'somebody else' })).toEqual(first)
  expect((await signIn({ sub: 'u-2', name: 'mei' })).name).toBe('mei 3')
  expect((await signIn({ sub: 'u-3', email: 'li@example.org' })).name).toBe('li')
  expect((await signIn({ sub: 'u-4' })).name).toBe('user')
  expect((await signIn({ sub: 'u-5', nickname: ` \u0007${'龍'.repeat(40)}` })).name).toBe('龍'.repeat(32))
  // A password was never set: none fits.
  for (const password of ['', PASSWORD]) {
    expect(await outcome(await running.connect(), 'auth.login', { name: 'MEI 2', password })).toBe(
      'invalid_credentials',
    )
  }
})

test('[IDP-2][GONE-1] who deletes their account comes back as somebody new', async () => {
  await using issuer = await startIssuer()
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer) })
  const token = await issuer.sign({ preferred_username: 'mei' })
  const mei = await running.connect()
  const { user } = await mei.authenticate('auth.jwt', { token })
  await mei.ask('account.delete', { password: '' })
  const again = await running.connect()
  const { user: next } = await again.authenticate('auth.jwt', { token })
  expect(next.name).toBe('mei')
  expect(next.id).not.toBe(user.id)
})

test('[IDP-2] two devices that come first at once are of one account', async () => {
  await using issuer = await startIssuer()
  await using running = await RunningServer.start({ tokenVerifier: verifierOf(issuer) })
  const token = await issuer.sign({ preferred_username: 'mei' })
  const devices = await Promise.all([1, 2, 3, 4].map(() => running.connect()))
  const users = await Promise.all(devices.map(async (one) => (await one.authenticate('auth.jwt', { token })).user))
  expect(new Set(users.map(({ id }) => id)).size).toBe(1)
})

test('[IDP-2] registration that is closed keeps nobody out whom the provider knows; a server without its owner does', async () => {
  await using issuer = await startIssuer()
  const tokenVerifier = verifierOf(issuer)
  await using closed = await RunningServer.start({ tokenVerifier, registration: 'closed' })
  expect(await tried(closed, await issuer.sign())).toBe('ok')
  await using owned = await startOwned({ tokenVerifier })
  expect(await tried(owned, await issuer.sign())).toBe('registration_closed')
  const owner = await signInOwner(owned)
  expect(await tried(owned, await issuer.sign())).toBe('ok')
  const [mei] = (await owner.ask('user.list', { prefix: 'user' })).users
  await owner.ask('user.ban', { user: mei?.id ?? '' })
  expect(await tried(owned, await issuer.sign())).toBe('banned')
})
