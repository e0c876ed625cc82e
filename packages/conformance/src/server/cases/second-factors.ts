import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { Registered, ServerContext } from '../context.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { Authenticator } from '../totp.ts'

/** An account of the case's own, with a second factor: slow by its hashes. */
const ACCOUNTS = { needs: ['accounts'], pace: 'alone' } as const
const CODES = 10
/** More than the log-ins of a case take. */
const CASE_MS = 12_000

interface Guarded extends Registered {
  readonly app: Authenticator
  readonly recoveryCodes: readonly string[]
  /** What a log-in is answered with: a code of an error, or `ok`. */
  login(code?: string, password?: string): Promise<string>
}

/** A user with a second factor that was confirmed by the code of a step ago. */
async function guarded(context: ServerContext): Promise<Guarded> {
  const registered = await context.register()
  const { peer, account } = registered
  const { password } = account
  const { clock } = (await context.greeted()).hello
  const { secret, uri } = await peer.ask('account.totp.begin', { password })
  checkThat(/^[A-Z2-7]{26,}$/.test(secret), 'a secret in base32, of 128 bits or more', secret)
  checkThat(uri.startsWith('otpauth://totp/') && uri.includes(secret), 'an otpauth address of the secret', uri)
  const app = new Authenticator(secret, clock.wall)
  await app.early(CASE_MS)
  const login = async (code?: string, given = password): Promise<string> => {
    const data = { name: account.name, password: given, ...(code === undefined ? {} : { code }) }
    const reply = await (await context.connect()).request('auth.login', data)
    return 'error' in reply ? reply.error.code : 'ok'
  }
  checkEqual(await login(), 'ok', 'a log-in before the secret was confirmed')
  const { recoveryCodes } = await peer.ask('account.totp.confirm', { code: app.code(-1) })
  return { ...registered, app, recoveryCodes, login }
}

/** Codes beside the password. */
export const secondFactorCases: readonly ServerCase[] = [
  serverCase('TOTP-1.begin', 'a second factor counts when a code of it was confirmed', ACCOUNTS, async (context) => {
    const { peer, account, recoveryCodes, login } = await guarded(context)
    const { user } = await peer.event('account.changed')
    checkHas(user, { id: account.id, secondFactor: true }, 'the account of account.changed')
    checkEqual(new Set(recoveryCodes).size, CODES, 'how many recovery codes there are')
    checkEqual(await login(), 'second_factor', 'a log-in without a code')
    const { password } = account
    await peer.refused('account.totp.begin', { password }, 'conflict', 'where one counts already')
    await peer.refused('account.totp.confirm', { code: '123456' }, 'conflict', 'where one counts already')
    const { users } = await peer.ask('user.list', { prefix: account.name })
    checkEqual(users.filter((one) => 'secondFactor' in one).length, 0, 'users of user.list that say so')
  }),
  serverCase('TOTP-1.password', 'a secret takes the password, and a code of it', ACCOUNTS, async (context) => {
    const { peer, account } = await context.register()
    const { password } = account
    await peer.refused('account.totp.confirm', { code: '123456' }, 'conflict', 'where nothing was begun')
    await peer.refused('account.totp.begin', { password: `${password}?` }, 'invalid_credentials', 'by another password')
    await peer.ask('account.totp.begin', { password })
    await peer.refused('account.totp.confirm', { code: 'no code' }, 'second_factor', 'with a word')
    const login = { name: account.name, password }
    await (await context.connect()).ask('auth.login', login)
  }),
  serverCase('TOTP-2.login', 'a log-in takes the password first, and a code beside it', ACCOUNTS, async (context) => {
    const { account, app, login } = await guarded(context)
    checkEqual(await login(app.code(), `${account.password}?`), 'invalid_credentials', 'with another password')
    checkEqual(await login('a wrong code'), 'second_factor', 'with a wrong code')
    checkEqual(await login(app.code()), 'ok', 'with a right one')
    await (await context.connect()).ask('auth.token', { token: account.token })
  }),
  serverCase('TOTP-2.reset', 'a reset takes a code too, and is not used up without', ACCOUNTS, async (context) => {
    const { account, app } = await guarded(context)
    const owner = await context.signInOwner()
    const { code } = await owner.ask('user.reset', { user: account.id })
    const data = { code, password: 'a password that is long enough' }
    const peer = await context.connect()
    await peer.refused('auth.reset', data, 'second_factor', 'without a code')
    const { user } = await peer.ask('auth.reset', { ...data, secondFactor: app.code() })
    checkEqual(user.id, account.id, 'who is signed in')
  }),
  serverCase('TOTP-3.once', 'a code is good once, and none older than it', ACCOUNTS, async (context) => {
    const { app, login } = await guarded(context)
    checkEqual(await login(app.code(-1)), 'second_factor', 'with the code that was confirmed')
    checkEqual(await login(app.code(3)), 'second_factor', 'with a code of later')
    checkEqual(await login(app.code(1)), 'ok', 'with the code of the next step')
    checkEqual(await login(app.code(1)), 'second_factor', 'with the same once more')
    checkEqual(await login(app.code()), 'second_factor', 'with an older one')
  }),
  serverCase('TOTP-4.recovery', 'a recovery code is as good, once', ACCOUNTS, async (context) => {
    const { peer, account, recoveryCodes, login } = await guarded(context)
    const [one = '', two = '', three = ''] = recoveryCodes
    checkEqual(await login(one.toLowerCase().replaceAll('-', ' ')), 'ok', 'with a recovery code')
    checkEqual(await login(one), 'second_factor', 'with the same once more')
    const { password } = account
    const others = await peer.ask('account.totp.recovery', { password, code: two })
    checkEqual(others.recoveryCodes.length, CODES, 'how many others there are')
    checkEqual(await login(three), 'second_factor', 'with one of before')
    checkEqual(await login(others.recoveryCodes[0]), 'ok', 'with one of the others')
  }),
  serverCase('TOTP-5.end', 'a second factor ends by password and code', ACCOUNTS, async (context) => {
    const { peer, account, app, login } = await guarded(context)
    const { password } = account
    const wrong = { password: `${password}?`, code: app.code() }
    await peer.refused('account.totp.end', wrong, 'invalid_credentials', 'by another password')
    await peer.refused('account.totp.end', { password, code: 'wrong' }, 'second_factor', 'by a wrong code')
    const owner = await context.signInOwner()
    await owner.ask('user.reset', { user: account.id })
    checkEqual(await login(), 'second_factor', 'a log-in without a code, after user.reset')
    await peer.ask('account.totp.end', { password, code: app.code() })
    const { user } = await peer.event('account.changed', (data) => data.user.secondFactor === undefined)
    checkEqual(user.id, account.id, 'the account of account.changed')
    checkEqual(await login(), 'ok', 'a log-in without a code')
    await peer.refused('account.totp.end', { password, code: app.code(1) }, 'conflict', 'where there is none')
  }),
]
