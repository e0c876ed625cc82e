import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { CLOSE, RATES, type Rate } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { readMessages } from '../log-truth.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { wait } from '../wait.ts'

const ALONE = { pace: 'alone' } as const
const LAST = { pace: 'last' } as const
const NOWHERE = 'conformance-nothing'
const HEADER_MS = 10_000
const LATE_MS = 6_000
const PER_USER = 20
const STRANGERS = 64
const TIMER_MS = 5
/** Of a rate that is used up one may be back by now, not as many. */
const AT_ONCE = 4

interface Limited {
  readonly type: string
  /** Of each request. */
  readonly data: () => object
  readonly rate: Rate
}

/** A request that does nothing, and whose rate is soon used up. */
function limitedOf({ target: { capabilities } }: ServerContext): Limited {
  if (capabilities.has('voice'))
    return { type: 'voice.leave', data: () => ({ channel: NOWHERE }), rate: RATES['voice.leave'] }
  return { type: 'conformance.nothing', data: () => ({}), rate: RATES['*'] }
}

interface Counted {
  readonly admitted: number
  /** Milliseconds of each refusal, in the order of the requests. */
  readonly refused: number[]
}

/** Sends as many as `count` from all the peers in turn, and says how many passed. */
async function use(peers: readonly Peer[], { type, data }: Limited, count: number): Promise<Counted> {
  const sent = Array.from({ length: count }, (_, at) => {
    const peer = peers[at % peers.length] as Peer
    return { peer, id: peer.post(type, data()) }
  })
  const refused: number[] = []
  for (const { peer, id } of sent) {
    const reply = await peer.reply(id)
    if (!('error' in reply) || reply.error.code !== 'rate_limited') continue
    const { retryAfterMs = 0, retryable } = reply.error
    checkThat(retryAfterMs > 0 && retryable, 'a refusal that says when to come back', reply.error)
    refused.push(retryAfterMs)
  }
  return { admitted: count - refused.length, refused }
}

/** Each under another name, since names are counted too (AUTH-14). */
const LOGIN: Limited = {
  type: 'auth.login',
  data: () => ({ name: `${NOWHERE} ${++logins}`, password: 'conformance' }),
  rate: RATES['auth.login'],
}
let logins = 0
/** On one connection, which may not take longer than it has to authenticate (CONN-3). */
const LOGINS_EACH = 5

/** Fails to log in until the address is refused; one after the other, so that no queue of hashes is full. */
async function useUpLogins(context: ServerContext): Promise<void> {
  for (let count = 0; count < 2 * LOGIN.rate.burst; count += LOGINS_EACH) {
    const peer = await context.connect()
    for (let at = 0; at < LOGINS_EACH; at++) if ((await use([peer], LOGIN, 1)).refused.length > 0) return
  }
  context.limitDidNotShow(`one of ${2 * LOGIN.rate.burst} logins from one address to be refused`)
}

/** Opens connections until one is refused; milliseconds are the server's to count. */
async function openUntilRefused(context: ServerContext, most: number): Promise<{ opened: number; error: string }> {
  for (let opened = 0; opened < most; opened++) {
    try {
      await context.connect({ name: `one of many, ${opened}` })
    } catch (error) {
      return { opened, error: (error as Error).message }
    }
  }
  return { opened: most, error: '' }
}

/** Rates and counts. */
export const limitCases: readonly ServerCase[] = [
  serverCase(
    'LIMIT-1.burst',
    'a user’s requests of a type keep to a rate, over all their connections',
    ALONE,
    async (context) => {
      const { peer, account } = await context.newcomer()
      const limited = limitedOf(context)
      const { burst } = limited.rate
      const { admitted, refused } = await use([peer, await context.withToken(account.token)], limited, 2 * burst)
      if (refused.length === 0) context.limitDidNotShow(`one of ${2 * burst} requests ${limited.type} to be refused`)
      if (context.strict) {
        checkThat(admitted >= burst && admitted <= burst + 3, `the burst of ${burst} to pass, and no more`, admitted)
      }
      await peer.ask('channel.list', {})
      const other = await context.signIn(2)
      checkEqual((await use([other], limited, 1)).admitted, 1, 'how many of another user’s requests pass')
    },
  ),
  serverCase('LIMIT-1.not-done', 'what is refused is not carried out', ALONE, async (context) => {
    const { peer, account } = await context.newcomer()
    const channel = context.text.id
    const { head } = await peer.ask('log.read', { channel, after: 0, limit: 1 })
    const clientIds = Array.from({ length: RATES['message.send'].burst + 30 }, () => context.unique())
    const ids = clientIds.map((clientId) =>
      peer.post('message.send', { channel, clientId, text: 'conformance: a burst' }),
    )
    const refused = new Set<string>()
    for (const [at, id] of ids.entries()) if ('error' in (await peer.reply(id))) refused.add(clientIds[at] as string)
    if (refused.size === 0) context.limitDidNotShow(`one of ${ids.length} messages at once to be refused`)
    const own = (await readMessages(peer, channel, head)).filter(({ author }) => author.id === account.id)
    checkEqual(own.length, clientIds.length - refused.size, 'how many messages are stored')
    checkThat(!own.some(({ clientId }) => refused.has(clientId)), 'no message that was refused', 'one')
  }),
  serverCase('LIMIT-2.true', 'after retryAfterMs, and not before, the request passes', ALONE, async (context) => {
    const { peer } = await context.newcomer()
    const limited = limitedOf(context)
    const { refused } = await use([peer], limited, 2 * limited.rate.burst)
    if (refused.length === 0) context.limitDidNotShow(`one of ${2 * limited.rate.burst} requests to be refused`)
    for (let count = 0; count < 3; count++) {
      const from = performance.now()
      const [first] = (await use([peer], limited, 1)).refused
      if (first === undefined) continue
      const before = await use([peer], limited, 1)
      const soon = performance.now() - from < first
      checkThat(!soon || before.refused.length === 1, `a refusal before ${Math.round(first)} ms are over`, 'none')
      const left = before.refused[0] ?? 0
      await wait(left + TIMER_MS)
      checkEqual((await use([peer], limited, 1)).admitted, 1, `how many pass after ${Math.round(left)} ms`)
    }
  }),
  serverCase('LIMIT-3.address', 'before authentication the address is counted', LAST, async (context) => {
    await useUpLogins(context)
    const { refused } = await use([await context.connect()], LOGIN, AT_ONCE)
    checkThat(refused.length > 0, 'logins of another connection from the address to be refused', 'none')
  }),
  serverCase('LIMIT-6.forwarded', 'what a client says of its own address is not believed', LAST, async (context) => {
    await useUpLogins(context)
    const said = '203.0.113.77'
    for (const headers of [{ 'X-Forwarded-For': said }, { 'X-Real-IP': said }, { Forwarded: `for=${said}` }]) {
      const { refused } = await use([await context.connect({ headers })], LOGIN, AT_ONCE)
      const what = `logins with ${Object.keys(headers)}, of a client that is no trusted proxy, to be refused`
      checkThat(refused.length > 0, what, 'none')
    }
  }),
  serverCase(
    'LIMIT-7.per-user',
    'past 20 connections of a user, rate_limited and a close with 4004',
    ALONE,
    async (context) => {
      const { peer, account } = await context.newcomer()
      for (let open = 1; open <= PER_USER + 1; open++) {
        const next = await context.connect({ name: `connection ${open + 1}` })
        const reply = await next.once('auth.token', { token: account.token })
        if (!('error' in reply)) continue
        checkEqual(reply.error.code, 'rate_limited', 'the code of the refusal')
        await next.closedWith(CLOSE.crowded)
        if (context.strict) checkEqual(open, PER_USER, 'how many connections the user has by then')
        await peer.close()
        await context.withToken(account.token)
        return
      }
      context.limitDidNotShow(`one of ${PER_USER + 2} connections of one user to be refused`)
    },
  ),
  serverCase(
    'LIMIT-8.strangers',
    'past 64 strangers of an address, an upgrade is answered with 429',
    LAST,
    async (context) => {
      const { opened } = await openUntilRefused(context, STRANGERS + 6)
      const { status, headers } = await context.upgrade()
      if (status === 101) context.limitDidNotShow(`one of ${STRANGERS + 6} strangers of one address to be refused`)
      checkEqual(status, 429, 'the status')
      checkThat(Number(headers['retry-after']) > 0, 'Retry-After, in seconds', headers['retry-after'])
      if (context.strict) checkThat(opened === STRANGERS, `${STRANGERS} strangers to be taken`, opened)
    },
  ),
  serverCase(
    'LIMIT-9.header',
    'a peer that does not send its HTTP header is cut off after 10 s',
    { pace: 'slow' },
    async (context) => {
      const { hostname, port, protocol } = context.target.httpUrl
      const { ca } = context.target.options
      const encrypted = protocol === 'https:'
      const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (encrypted ? 443 : 80)) }
      const socket = encrypted
        ? connectTls({ ...address, servername: hostname, ...(ca === undefined ? {} : { ca }) })
        : connectTcp(address)
      const from = performance.now()
      const over = new Promise<'closed'>((resolve) => socket.on('error', () => {}).on('close', () => resolve('closed')))
      socket.resume().write('GET /healthz HTTP/1.1\r\nHost: conformance\r\nX-Slow: ')
      const ended = await Promise.race([over, wait(HEADER_MS + LATE_MS)])
      socket.destroy()
      checkEqual(ended, 'closed', `the connection ${HEADER_MS + LATE_MS} ms after the first half of a header`)
      const after = Math.round(performance.now() - from)
      checkThat(after > HEADER_MS / 2, 'the header to have 10 s', `${after} ms`)
    },
  ),
]
