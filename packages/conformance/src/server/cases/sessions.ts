import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { wait } from '../wait.ts'

const THIRTY_DAYS = 30 * 86_400_000
/** How far the machines' clocks, and the way between them, may put a time off. */
const NEAR_MS = 60_000
/** A session that ends sooner is waited for. */
const SHORT_MS = 30_000

/** Sessions: how long they last, their tokens, their list. */
export const sessionCases: readonly ServerCase[] = [
  serverCase('AUTH-8.lasts', 'a session lasts 30 days from when it was last used', async (context) => {
    const { granted } = await context.session()
    const { hello } = await context.greeted()
    const lasts = granted.expiresAt - hello.clock.wall
    checkThat(lasts > 0, 'a session that has not ended yet, by the server’s wall clock', lasts)
    if (!context.strict && lasts < THIRTY_DAYS - NEAR_MS) return
    checkThat(Math.abs(lasts - THIRTY_DAYS) < NEAR_MS, 'a session of 30 days', `${lasts} ms`)
  }),
  serverCase('AUTH-8.refresh', 'auth.refresh makes the session good for longer', async (context) => {
    const { peer, granted } = await context.session()
    await wait(20)
    const { token, session, expiresAt, refreshAt } = await peer.ask('auth.refresh', { rotate: false })
    checkEqual([token, session], [granted.token, granted.session], 'token and session of a refresh without rotate')
    checkThat(expiresAt > granted.expiresAt && refreshAt < expiresAt, 'a later expiresAt', {
      before: granted,
      expiresAt,
    })
  }),
  serverCase(
    'AUTH-8.expires',
    'at expiresAt connections are closed with 4502, the token gets unauthenticated',
    { pace: 'slow' },
    async (context) => {
      const { peer, granted } = await context.session()
      const { hello } = await context.greeted()
      const lasts = granted.expiresAt - hello.clock.wall
      if (lasts > SHORT_MS) return context.skip(`a session lasts ${Math.round(lasts / 1_000)} s here, too long to wait`)
      await peer.closedWith(CLOSE.expired, lasts + 3_000)
      const again = await context.connect()
      await again.refused('auth.token', { token: granted.token }, 'unauthenticated', 'after expiresAt')
    },
  ),
  serverCase(
    'AUTH-9.rotate',
    'with rotate there is another token, and both work until the new one was used',
    async (context) => {
      const { peer, granted } = await context.session()
      const rotated = await peer.ask('auth.refresh', { rotate: true })
      checkThat(rotated.token !== granted.token, 'another token', 'the same one')
      checkEqual(rotated.session, granted.session, 'the session')
      await (await context.withToken(granted.token)).ask('channel.list', {})
      await (await context.withToken(rotated.token)).ask('channel.list', {})
      const late = await context.connect()
      await late.refused(
        'auth.token',
        { token: granted.token },
        'unauthenticated',
        'with the token before, once the new one was used',
      )
      await (await context.withToken(rotated.token)).ask('channel.list', {})
    },
  ),
  serverCase('AUTH-10.list', 'auth.sessions lists the caller’s sessions and nobody else’s', async (context) => {
    const { peer, account, granted } = await context.register()
    const other = await context.connect()
    const login = { name: account.name, password: account.password, label: 'conformance, another device' }
    const second = await other.ask('auth.login', login)
    await context.withToken(second.token)
    const { sessions } = await peer.ask('auth.sessions', {})
    checkEqual(sessions.map(({ id }) => id).sort(), [granted.session, second.session].sort(), 'the ids of the sessions')
    checkHas(
      sessions.find(({ id }) => id === granted.session),
      { current: true, connections: 1 },
      'the caller’s own',
    )
    const expected = { current: false, connections: 2, label: login.label }
    checkHas(
      sessions.find(({ id }) => id === second.session),
      expected,
      'the other one',
    )
  }),
  serverCase('AUTH-10.revoke', 'auth.revoke ends one session with all its connections, 4501', async (context) => {
    const { peer, account } = await context.session()
    const one = await context.connect()
    const { session, token } = await one.ask('auth.login', { name: account.name, password: account.password })
    const two = await context.withToken(token)
    await peer.ask('auth.revoke', { session })
    await one.closedWith(CLOSE.revoked)
    await two.closedWith(CLOSE.revoked)
    await (await context.connect()).refused('auth.token', { token }, 'unauthenticated', 'after auth.revoke')
    const left = (await peer.ask('auth.sessions', {})).sessions.map(({ id }) => id)
    checkThat(!left.includes(session), 'the session to be listed no more', left)
    await peer.refused('auth.revoke', { session }, 'not_found', 'of a session that has ended')
  }),
  serverCase('AUTH-10.others', 'a session that is not the caller’s is not_found', async (context) => {
    const [one, two] = [await context.session(), await context.signIn(2)]
    await two.refused('auth.revoke', { session: one.granted.session }, 'not_found', 'of another user’s session')
    await one.peer.ask('channel.list', {})
  }),
]
