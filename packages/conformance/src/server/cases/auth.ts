import { type Authenticated, CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { wait } from '../wait.ts'

const LONG = 'a password that is long enough'
/** 256 bits in base64url, without padding. */
const TOKEN_CHARACTERS = 43
/** Of the two ways to fail, one may take this much of the other's time. */
const LEAST_SHARE = 0.25
const TRIES = 3
/** Two at a time, 32 that wait. */
const HASHES_AT_ONCE = 34
/** More than are worked on. */
const AUTHENTICATIONS = 36
const LOOK_MS = 200

function openRegistration(context: ServerContext): void {
  const { registration } = context.target.hello
  if (registration === 'closed') context.skip('needs registration, which is closed')
  context.account()
}

/** Waits until so many are left of both together: a rate that is used up would refuse for another reason than the hashes. */
async function untilAuthenticationsAreLeft({ target: { rates } }: ServerContext): Promise<[number, number]> {
  for (;;) {
    const logins = Math.min(AUTHENTICATIONS, Math.floor(rates.left('auth.login')))
    const registrations = AUTHENTICATIONS - logins
    if (rates.left('auth.register') >= registrations) return [logins, registrations]
    await wait(LOOK_MS)
  }
}

/** Wrong passwords, and a name that is taken: each takes a hash. */
async function authenticateAtOnce(context: ServerContext): Promise<{ worked: number; refused: number }> {
  const { name } = context.account()
  const [logins, registrations] = await untilAuthenticationsAreLeft(context)
  const peer = await context.connect()
  const ids: number[] = []
  peer.together(() => {
    for (let at = 0; at < logins; at++) ids.push(peer.post('auth.login', { name: `${name} ${at}`, password: LONG }))
    for (let at = 0; at < registrations; at++) ids.push(peer.post('auth.register', { name, password: LONG }))
  })
  let refused = 0
  for (const id of ids) {
    const reply = await peer.reply(id)
    if (!('error' in reply) || reply.error.code !== 'rate_limited') continue
    refused++
    checkThat(reply.error.retryAfterMs !== undefined, 'retryAfterMs', reply.error)
  }
  return { worked: ids.length - refused, refused }
}

async function laterAtOnce(context: ServerContext): Promise<{ worked: number }> {
  for (const type of ['auth.login', 'auth.register'] as const) context.target.rates.usedUp(type)
  return authenticateAtOnce(context)
}

/** Milliseconds until a login is refused. */
async function timeOfRefusal(peer: Peer, name: string): Promise<number> {
  const from = performance.now()
  const reply = await peer.once('auth.login', { name, password: LONG })
  checkHas(reply, { error: { code: 'invalid_credentials' } }, 'the reply to auth.login')
  return performance.now() - from
}

function checkGrant(granted: Authenticated): void {
  const { token, session, expiresAt, refreshAt } = granted
  checkThat(token.length >= TOKEN_CHARACTERS, 'a token of 256 bits, 43 characters or more', token.length)
  checkThat(session.length > 0 && !token.includes(session), 'a session id that says nothing of its token', session)
  checkThat(refreshAt < expiresAt, 'refreshAt before expiresAt', { refreshAt, expiresAt })
}

/** Accounts: register, log in, tokens. */
export const authCases: readonly ServerCase[] = [
  serverCase('AUTH-1.register', 'auth.register makes an account that can log in', async (context) => {
    const { peer, account, granted } = await context.register()
    checkEqual(granted.user.name, account.name, 'the name of the new account')
    await peer.ask('channel.list', {})
    const again = await context.connect()
    const login = { name: account.name, password: account.password }
    checkEqual((await again.ask('auth.login', login)).user, granted.user, 'the user who logs in')
  }),
  serverCase('AUTH-1.same-name', 'names that differ in case, width or runs of spaces are one', async (context) => {
    openRegistration(context)
    const base = context.unique('Kit Straße ﬁ')
    const stranger = await context.connect()
    await stranger.ask('auth.register', { name: base, password: LONG })
    const others = {
      'the same name': base,
      'upper case': base.toUpperCase(),
      'two spaces': base.replace(' ', '  '),
      'full width': base.replace('K', 'Ｋ'),
    }
    const other = await context.connect()
    for (const [what, name] of Object.entries(others)) {
      await other.refused('auth.register', { name, password: LONG }, 'conflict', `with ${what}`)
    }
  }),
  serverCase(
    'AUTH-1.length',
    'a name of 1 or of 33 characters gets bad_request, one of 32 is taken',
    async (context) => {
      openRegistration(context)
      const peer = await context.connect()
      for (const name of ['a', context.unique().padEnd(33, 'x')]) {
        await peer.refused('auth.register', { name, password: LONG }, 'bad_request', `with ${name.length} characters`)
      }
      await peer.ask('auth.register', { name: context.unique().padEnd(32, 'x'), password: LONG })
    },
  ),
  serverCase('AUTH-2.wrong-password', 'a wrong password and an unknown name get one answer', async (context) => {
    const { name } = context.account()
    const peer = await context.connect()
    const wrong = await peer.refused(
      'auth.login',
      { name, password: LONG },
      'invalid_credentials',
      'with a wrong password',
    )
    const nobody = { name: context.unique(), password: LONG }
    const unknown = await peer.refused('auth.login', nobody, 'invalid_credentials', 'of nobody')
    checkEqual(unknown, wrong, 'the answer for an unknown name')
  }),
  serverCase('AUTH-2.same-work', 'both take the same work', { pace: 'alone' }, async (context) => {
    const { name } = context.account()
    const peer = await context.connect()
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    // In turn, so that a machine that is busy for a while is busy for both; the least of each is the work itself.
    for (let count = 0; count < TRIES; count++) {
      known = Math.min(known, await timeOfRefusal(peer, name))
      unknown = Math.min(unknown, await timeOfRefusal(peer, context.unique()))
    }
    const figures = `${unknown.toFixed(1)} ms, and ${known.toFixed(1)} ms for a wrong password`
    checkThat(unknown > LEAST_SHARE * known, 'an unknown name to take as long as a wrong password', figures)
  }),
  serverCase('AUTH-3.grant', 'each way to authenticate gives user, token, session and times', async (context) => {
    const { peer: _, account, granted } = await context.session()
    checkGrant(granted)
    const login = await (await context.connect()).ask('auth.login', account)
    checkGrant(login)
    checkThat(login.token !== granted.token, 'another token for another session', 'the same one')
    const byToken = await (await context.connect()).ask('auth.token', { token: login.token })
    checkEqual([byToken.user, byToken.session], [login.user, login.session], 'the user and session of the token')
  }),
  serverCase('AUTH-4.token', 'a token authenticates, an unknown one gets unauthenticated', async (context) => {
    const peer = await context.connect()
    await peer.refused(
      'auth.token',
      { token: 'x'.repeat(TOKEN_CHARACTERS) },
      'unauthenticated',
      'with an unknown token',
    )
    const { id, token } = context.account()
    checkEqual((await peer.ask('auth.token', { token })).user.id, id, 'the user of the token')
  }),
  serverCase('AUTH-4.revoked', 'a token whose session was ended gets unauthenticated', async (context) => {
    const { account } = await context.session()
    const peer = await context.withToken(account.token)
    await peer.ask('auth.logout', {})
    const again = await context.connect()
    await again.refused('auth.token', { token: account.token }, 'unauthenticated', 'after auth.logout')
  }),
  serverCase(
    'AUTH-5.logout',
    'auth.logout replies, then closes all connections of the session with 4501',
    async (context) => {
      const login = context.account()
      const one = await context.connect()
      const { token } = await one.ask('auth.login', login)
      const two = await context.withToken(token)
      const other = await context.signIn()
      await one.ask('auth.logout', {})
      await one.closedWith(CLOSE.revoked)
      await two.closedWith(CLOSE.revoked)
      await other.ask('channel.list', {})
    },
  ),
  serverCase(
    'AUTH-6.before-owner',
    'before its owner a server takes nobody without the right code',
    async (context) => {
      const { beforeOwner } = context.target
      if (!beforeOwner) return context.skip('the server has its owner, or asks for no claim')
      for (const [what, reply] of Object.entries(beforeOwner)) {
        const expected = { error: { code: 'registration_closed' } }
        checkHas(reply, expected, `the reply to auth.register with ${what === 'wrong' ? 'a wrong code' : 'no code'}`)
      }
    },
  ),
  serverCase('AUTH-6.once', 'the code is good for one account', async (context) => {
    const { claim } = context.target.options
    if (claim === undefined || !context.target.fresh)
      return context.skip('the server has its owner, or no claim was given')
    const { user } = await (await context.connect()).ask('auth.token', { token: context.account().token })
    checkEqual(user.role, 'owner', 'the role of whoever had the code')
    const again = await context.connect()
    const reply = await again.once('auth.register', { name: context.unique(), password: LONG, claim })
    const role = 'error' in reply ? 'none' : (reply.data as Authenticated).user.role
    checkThat(role !== 'owner', 'the code to make no second owner', reply)
  }),
  serverCase(
    'AUTH-7.queue',
    'past two hashes and 32 that wait, rate_limited with retryAfterMs',
    { pace: 'last' },
    async (context) => {
      openRegistration(context)
      const first = await authenticateAtOnce(context)
      if (first.refused === 0) {
        context.limitDidNotShow(`one of ${AUTHENTICATIONS} authentications at once to be refused`)
      }
      // It may have been the rate that refused, where the address is not the kit's alone: once it is back it is not.
      const worked = Math.max(first.worked, first.worked < HASHES_AT_ONCE ? (await laterAtOnce(context)).worked : 0)
      if (worked < HASHES_AT_ONCE) {
        context.limitIsAnother(`${HASHES_AT_ONCE} authentications at once to be worked on`, worked)
      }
    },
  ),
]
