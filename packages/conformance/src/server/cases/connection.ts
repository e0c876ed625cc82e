import { CLOSE, SUBPROTOCOL, validate } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** A server may look at its deadlines now and then. */
const LATE_MS = 3_000
const EARLY_MS = 1_000
const AUTHENTICATION_MS = 10_000

/** Upgrades, the greeting, the deadline of a stranger. */
export const connectionCases: readonly ServerCase[] = [
  serverCase('CONN-1.no-subprotocol', 'an upgrade that offers no subprotocol is answered with 400', async (context) => {
    checkEqual((await context.upgrade({ 'Sec-WebSocket-Protocol': '' })).status, 400, 'the status')
  }),
  serverCase('CONN-1.other-subprotocol', 'an upgrade that offers only others is answered with 400', async (context) => {
    const headers = { 'Sec-WebSocket-Protocol': 'arclight, arclight.v0, chat' }
    checkEqual((await context.upgrade(headers)).status, 400, 'the status')
  }),
  serverCase('CONN-1.among-others', 'arclight.v1 is taken from among other offers, and named', async (context) => {
    const { status, headers } = await context.upgrade({ 'Sec-WebSocket-Protocol': `chat, ${SUBPROTOCOL}` })
    checkEqual([status, headers['sec-websocket-protocol']], [101, SUBPROTOCOL], 'status and subprotocol')
  }),
  serverCase('CONN-2.greeting', 'the first frame is session.hello, and the client need not speak', async (context) => {
    const peer = await context.open()
    const first = await peer.texts.take('session.hello as the first frame', context.target.timeoutMs)
    checkEqual(first['type'], 'session.hello', 'the type of the first frame')
    checkEqual(peer.received[0], first, 'the first frame of all')
    validate('event', 'session.hello', first['data'])
  }),
  serverCase(
    'CONN-2.speaks-first',
    'a request sent with the upgrade is answered after the greeting',
    async (context) => {
      const peer = await context.open()
      await peer.once('conformance.early', {})
      checkEqual((peer.received[0] as { type?: unknown }).type, 'session.hello', 'the type of the first frame')
    },
  ),
  serverCase('CONN-3.deadline', 'a stranger is closed with 4003 after 10 s', { pace: 'slow' }, async (context) => {
    const peer = await context.connect()
    const from = performance.now()
    // What a stranger says in between does not count.
    peer.post('conformance.nothing', {})
    await peer.closedWith(CLOSE.authenticationTimeout, AUTHENTICATION_MS + LATE_MS)
    const after = Math.round(performance.now() - from)
    checkThat(after > AUTHENTICATION_MS - EARLY_MS, 'the close to come 10 s after the upgrade', `${after} ms`)
  }),
  serverCase('CONN-4.no-origin', 'an upgrade without an Origin is taken', async (context) => {
    checkEqual((await context.upgrade()).status, 101, 'the status')
  }),
  serverCase('CONN-4.own-host', 'an upgrade from the server’s own host is taken', async (context) => {
    const { protocol, host } = context.target.httpUrl
    const { status } = await context.upgrade({ Origin: `${protocol}//${host}`, Host: host })
    checkEqual(status, 101, 'the status')
  }),
  serverCase('CONN-4.foreign', 'an upgrade from a page of elsewhere is answered with 403', async (context) => {
    const { hostname, port } = context.target.url
    const other = Number(port || '80') === 1 ? 2 : 1
    for (const origin of [
      'https://elsewhere.invalid',
      `http://${hostname}:${other}`,
      `http://${hostname}.invalid`,
      'null',
    ]) {
      checkEqual((await context.upgrade({ Origin: origin })).status, 403, `the status for Origin ${origin}`)
    }
  }),
  serverCase('CONN-5.other-path', 'no WebSocket is opened at another path', async (context) => {
    const { pathname } = context.target.url
    for (const path of [`${pathname}/more`, `${pathname}x`, '/conformance/nothing']) {
      const status = await context.upgrade({}, path).then(
        (answer) => answer.status,
        () => 0,
      )
      checkThat(status !== 101, `an upgrade at ${path} not to be taken`, status)
    }
  }),
  serverCase('CONN-6.no-extension', 'an offered permessage-deflate is not taken', async (context) => {
    const offer = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }
    const { status, headers } = await context.upgrade(offer)
    checkEqual([status, headers['sec-websocket-extensions']], [101, undefined], 'status and extensions')
  }),
  serverCase('LIMIT-11.pong', 'a WebSocket ping is answered with its own payload', async (context) => {
    const peer = await context.connect()
    checkEqual(await peer.ping('conformance'), 'conformance', 'the payload of the pong')
  }),
]
